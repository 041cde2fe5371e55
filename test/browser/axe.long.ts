// The screens that axe.test.ts leaves out: each on the other device.

import { examineScreens } from './examine.ts'

examineScreens(place => (place % 2 === 0 ? ['phone'] : ['desk']))
