// Where the command line began before main.js: units and scripts that name this file go on working.

import './main.js'
