// The entry point before main.js: systemd units and scripts that name this file still work.

import './main.js'
