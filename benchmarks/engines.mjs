// The engines that run in Node, one request a line: see the Python ones in engines.py.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import path from "node:path";
import { promisify } from "node:util";

const [folder, modules] = process.argv.slice(2);
const load = createRequire(path.join(modules, "package.json"));
const template = (name) => path.join(folder, `${name}.docx`);

const makers = {
  docxtemplater() {
    const PizZip = load("pizzip"), Docxtemplater = load("docxtemplater"), file = readFileSync(template("docxtemplater"));
    return (data) => {
      const made = new Docxtemplater(new PizZip(file), { paragraphLoop: true, linebreaks: true });
      made.render(data);
      return made.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
    };
  },
  "easy-template-x"() {
    const handler = new (load("easy-template-x").TemplateHandler)(), file = readFileSync(template("easy-template-x"));
    return (data) => handler.process(file, data);
  },
  carbone() {
    const render = promisify(load("carbone").render);
    return (data) => render(template("carbone"), data);
  },
  "docx-templates"() {
    const create = load("docx-templates").createReport, file = readFileSync(template("docx-templates"));
    return (data) => create({ template: file, data, cmdDelimiter: ["{", "}"], noSandbox: true });
  },
};

const engines = {}, versions = {};
for (const [name, make] of Object.entries(makers)) {
  try {
    engines[name] = make();
    const own = path.join(modules, "node_modules", name, "package.json");
    versions[name] = JSON.parse(readFileSync(own)).version;
  } catch (error) {
    process.stderr.write(`${name}: ${error.message}\n`);
  }
}
const sets = JSON.parse(readFileSync(path.join(folder, "contents.json")));
console.log(JSON.stringify(versions));
for await (const line of createInterface({ input: process.stdin })) {
  const [name, set, file] = line.split("\t");
  const data = structuredClone(sets[set]);
  const start = process.cpuUsage();
  const made = await engines[name](data);
  const { user, system } = process.cpuUsage(start);
  if (file) writeFileSync(file, made);
  console.log((user + system) / 1000);
}
