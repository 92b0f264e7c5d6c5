#!/usr/bin/env node
const x: number = 1;
console.log('main', x, process.version, process.argv.slice(2), process.execPath);
