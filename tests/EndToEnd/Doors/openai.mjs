// Drives a server with OpenAI's official client, of which only base URL and key are set: node openai.mjs SCENARIO SERVER KEY FOLDER.
// Writes one JSON object: what the client made of the answers.
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { File } from "node:buffer";
import path from "node:path";

// Node.js 18 has it, but not as a global.
globalThis.File ??= File;
const { default: OpenAI, toFile } = await import("openai");

const [scenario, server, key, folder] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${server}v1`, apiKey: key });
const picture = (name) => createReadStream(path.join(folder, name));
const dataUri = (name) => `data:image/png;base64,${readFileSync(path.join(folder, name)).toString("base64")}`;
const sha256 = (base64) => createHash("sha256").update(Buffer.from(base64, "base64")).digest("hex");
const edit = { image: picture("scene.png"), prompt: "Remove the object." };

async function failureOf(call) {
  try {
    await call();
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.status, code: error.code, param: error.param, type: error.type, id: !!error.requestID };
  }
}

const scenarios = {
  async edit() {
    const images = await client.images.edit({
      image: [await toFile(picture("scene.png"), "scene.png", { type: "image/png" }), await toFile(picture("subject.png"), "subject.png", { type: "image/png" })],
      mask: picture("mask.png"),
      prompt: "Add the object of [pic2] at the mask in [pic1].",
      model: "gpt-image-1",
      size: "320x240",
      output_format: "png",
      quality: "high",
    });
    return { edit: images.edit, size: images.size, digests: images.data.map((one) => sha256(one.b64_json)), created: images.created };
  },
  async several() {
    const images = await client.images.edit({ ...edit, n: 3, output_format: "webp", response_format: "url" });
    const first = await fetch(images.data[0].url, { headers: { authorization: `Bearer ${key}` } });
    return { urls: images.data.length, status: first.status, type: first.headers.get("content-type"), format: images.output_format };
  },
  async json() {
    const images = await client.post("/images/edits", {
      body: { images: [{ image_url: dataUri("scene.png") }], mask: { image_url: dataUri("mask.png") }, prompt: edit.prompt, n: 1 },
    });
    return { edit: images.edit, digests: images.data.map((one) => sha256(one.b64_json)) };
  },
  async stream() {
    const events = [];
    const stream = await client.images.edit({ ...edit, stream: true, partial_images: 2, steps: 30 });
    for await (const event of stream) {
      const bytes = Buffer.from(event.b64_json, "base64");
      events.push({ type: event.type, index: event.partial_image_index, starts: bytes.subarray(0, 2).toString("hex"), format: event.output_format, size: event.size });
    }
    return { events };
  },
  async abort() {
    const controller = new AbortController();
    const asked = failureOf(() => client.images.edit({ ...edit, prompt: "Abort it.", n: 4, steps: 50 }, { signal: controller.signal }));
    let job;
    while (!job) {
      const page = await (await fetch(`${server}v1/edits`, { headers: { authorization: `Bearer ${key}` } })).json();
      job = page.data.find((one) => one.instruction === "Abort it." && one.status === "processing");
    }
    controller.abort();
    return { edit: job.id, failure: await asked };
  },
  async failures() {
    return {
      picture: await failureOf(async () => client.images.edit({ ...edit, image: await toFile(Buffer.from("no picture"), "scene.png") })),
      size: await failureOf(() => client.images.edit({ ...edit, image: picture("scene.png"), size: "1024x1024" })),
      model: await failureOf(() => client.images.edit({ ...edit, image: picture("scene.png"), model: "no-such-model" })),
      prompt: await failureOf(() => client.images.edit({ ...edit, image: picture("scene.png"), prompt: "" })),
      route: await failureOf(() => client.images.generate({ prompt: "A chair." })),
    };
  },
  async key() {
    return { failure: await failureOf(() => client.images.edit(edit)) };
  },
  async models() {
    const listed = [];
    for await (const model of client.models.list()) listed.push(model);
    const one = await client.models.retrieve(listed[0].id);
    return { ids: listed.map((model) => model.id), object: one.object, owner: one.owned_by, created: one.created };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
