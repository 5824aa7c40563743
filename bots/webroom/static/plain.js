/* A page that only says one thing: no more than the language switch, if it has one. */
import { languageSwitch } from "./visitor.js";

languageSwitch();
