import { defineConfig } from "tsup"
import manifest from "./package.json" with { type: "json" }

/** The sources of every entry point, as the exports map names them: "./src/ports/index.ts" is built to dist/src/ports/index.js. */
const sources = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === "string" ? [] : [entry["leadline-source"].replace("./", "")]
)

/** Run by npx, imported by nobody. */
const commands = Object.values(manifest.bin).map((built) => built.replace("./dist/", "").replace(/\.js$/, ".ts"))

export default defineConfig({
  entry: Object.fromEntries([...sources, ...commands].map((source) => [source.replace(/\.ts$/, ""), source])),
  format: ["esm"],
  target: "es2023",
  platform: "neutral",
  dts: false,
  splitting: true,
  sourcemap: true,
  clean: true,
  skipNodeModulesBundle: true,
  removeNodeProtocol: false,
  external: [/^leadline(\/|$)/, /^node:/]
})
