// Every screen, the one on a desk, the next on a phone; axe.long.ts looks at the others.

import { examineScreens } from './examine.ts'

examineScreens(place => (place % 2 === 0 ? ['desk'] : ['phone']))
