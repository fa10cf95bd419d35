// Does once what every test file would do for itself, and prints where the program is.

import "./packages.mjs";
import { program } from "./program.mjs";

console.log(program());
