// Drives a server with Replicate's official client, of which only base URL and key are set: node replicate.mjs SCENARIO SERVER KEY FOLDER [MORE [MODEL]].
// Writes one JSON object: what the client made of the answers.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import Replicate, { parseProgressFromLogs, validateWebhook } from "replicate";

const [scenario, server, key, folder, more = "", model = "flexedit/flexedit-tiny"] = process.argv.slice(2);
const replicate = new Replicate({ baseUrl: `${server}v1`, auth: key });
const picture = (name) => readFileSync(path.join(folder, name));
const dataUri = (name) => `data:image/png;base64,${picture(name).toString("base64")}`;
const sha256 = (bytes) => createHash("sha256").update(Buffer.from(bytes)).digest("hex");
const digest = async (output) => sha256(await (await output.blob()).arrayBuffer());
const input = () => ({ image: dataUri("scene.png"), mask: dataUri("mask.png"), prompt: "Remove the object.", seed: 7 });

async function failureOf(call) {
  try {
    await call();
    return null;
  } catch (error) {
    const body = error.response ? JSON.parse(error.message.slice(error.message.indexOf("{"), error.message.lastIndexOf("}") + 1)) : null;
    return { name: error.name, status: error.response?.status ?? null, code: body?.code ?? null, field: body?.invalid_fields?.[0]?.field ?? null, message: error.message };
  }
}

const scenarios = {
  // Pictures as buffers, which the client uploads; the request is held until the end.
  async run() {
    const seen = [];
    const output = await replicate.run(
      model,
      { input: { ...input(), image: picture("scene.png"), subject: new Blob([picture("subject.png")], { type: "image/png" }), prompt: "Add the object of [pic2] at the mask in [pic1].", num_outputs: 2 } },
      (prediction) => seen.push({ id: prediction.id, status: prediction.status }),
    );
    return { digests: await Promise.all(output.map(digest)), kinds: output.map((one) => one.constructor.name), type: (await output[0].url()).protocol, seen };
  },
  // The client asks again and again, and shows how far it is.
  async poll() {
    const seen = [];
    const output = await replicate.run(model, { input: { ...input(), num_inference_steps: 50, num_outputs: 4 }, wait: { mode: "poll", interval: 50 } }, (prediction) =>
      seen.push({ id: prediction.id, status: prediction.status, progress: parseProgressFromLogs(prediction) }));
    return { outputs: output.length, seen };
  },
  // Longer than the wait: the client has to go on asking.
  async outlast() {
    const output = await replicate.run(`${model}:${(await replicate.models.get("flexedit", "flexedit-tiny")).latest_version.id}`, {
      input: { ...input(), num_inference_steps: 50, num_outputs: 4 }, wait: { mode: "block", timeout: 1 },
    });
    return { digests: await Promise.all(output.map(digest)) };
  },
  async strings() {
    const texts = new Replicate({ baseUrl: `${server}v1`, auth: key, useFileOutput: false });
    const [output] = await texts.run(model, { input: { ...input(), output_format: "jpg" } });
    return { starts: output.slice(0, 23) };
  },
  async abort() {
    const controller = new AbortController();
    const before = await Promise.all([1, 2, 3].map(() => replicate.predictions.create({ model, input: { ...input(), num_inference_steps: 50, num_outputs: 4 } })));
    let last;
    const output = await replicate.run(
      model,
      { input: { ...input(), num_inference_steps: 50, num_outputs: 4, prompt: "Abort it." }, signal: controller.signal, wait: { mode: "poll", interval: 50 } },
      (prediction) => { last = prediction; controller.abort(); },
    );
    await Promise.all(before.map((prediction) => replicate.predictions.cancel(prediction.id)));
    return { id: last.id, status: last.status, output };
  },
  async predictions() {
    const version = (await replicate.models.versions.list("flexedit", "flexedit-tiny")).results[0].id;
    const made = await replicate.predictions.create({ version, input: input(), stream: true });
    const waited = await replicate.wait(made, { interval: 50 });
    const got = await replicate.predictions.get(made.id);
    let listed;
    for await (const page of replicate.paginate(replicate.predictions.list)) {
      listed ??= page.find((prediction) => prediction.id === made.id);
    }
    // By its address alone, as programs pass it on.
    const result = await fetch(listed.output[0]);
    const canceled = await replicate.predictions.cancel(made.id);
    const image = await (await fetch(got.input.image, { headers: { authorization: `Bearer ${key}` } })).json();
    return {
      made: made.status, version: made.version === version, waited: waited.status, got: got.status, canceled: canceled.status, id: made.id, model: got.model, source: got.source,
      time: got.metrics.predict_time > 0, digest: sha256(await result.arrayBuffer()), type: result.headers.get("content-type"), image: image.content_type,
    };
  },
  async files() {
    const made = await replicate.files.create(picture("scene.png"), { order: 17 });
    const named = await replicate.files.create(new File([picture("subject.png")], "subject.png", { type: "image/png" }));
    const got = await replicate.files.get(made.id);
    const listed = (await replicate.files.list()).results.map((file) => file.id);
    const prediction = await replicate.predictions.create({ model, input: { ...input(), image: made.urls.get, subject: named.urls.get }, wait: 60 });
    return {
      metadata: made.metadata, sha256: made.checksums.sha256 === sha256(picture("scene.png")), size: got.size, listed: [made.id, named.id].every((id) => listed.includes(id)),
      used: prediction.input.image === made.urls.get && prediction.input.subject === named.urls.get, status: prediction.status, deleted: await replicate.files.delete(named.id),
      gone: await failureOf(() => replicate.files.get(named.id)),
    };
  },
  async stream() {
    const events = [];
    for await (const event of replicate.stream(model, { input: { ...input(), num_inference_steps: 50 } })) {
      events.push({ event: event.event, id: !!event.id, data: event.event === "output" ? await digest(event.data) : event.data, kind: event.data.constructor.name });
    }
    return { events };
  },
  async webhook() {
    const prediction = await replicate.predictions.create({ model, input: input(), webhook: more, webhook_events_filter: ["start", "completed"] });
    return { id: prediction.id, webhook: prediction.webhook, filter: prediction.webhook_events_filter, status: (await replicate.wait(prediction, { interval: 50 })).status };
  },
  async validate() {
    const { key: secret } = await replicate.webhooks.default.secret.get();
    const calls = JSON.parse(readFileSync(more, "utf8"));
    return {
      good: await Promise.all(calls.map((call) => validateWebhook({ headers: call.headers, body: call.body }, secret))),
      forged: await Promise.all(calls.map((call) => validateWebhook({ headers: call.headers, body: `${call.body} ` }, secret))),
    };
  },
  async failures() {
    return {
      prompt: await failureOf(() => replicate.run(model, { input: { image: dataUri("scene.png") } })),
      option: await failureOf(() => replicate.run(model, { input: { ...input(), num_outputs: 9 } })),
      picture: await failureOf(() => replicate.run(model, { input: { ...input(), image: Buffer.from("no picture") } })),
      model: await failureOf(() => replicate.run("someone/painter", { input: input() })),
      version: await failureOf(() => replicate.run(`${model}:${"0".repeat(64)}`, { input: input() })),
      prediction: await failureOf(() => replicate.predictions.get("gm3qorzdhgbfurvjtvhg6dckhu")),
      training: await failureOf(() => replicate.trainings.list()),
    };
  },
  async key() {
    return { failure: await failureOf(() => replicate.run(model, { input: input() })) };
  },
  async keyed() {
    const prediction = await replicate.predictions.create({ model, input: input(), wait: true });
    const [listed] = (await replicate.predictions.list()).results;
    const events = [];
    for await (const event of replicate.stream(model, { input: input() })) events.push(event.event);
    return { account: (await replicate.accounts.current()).username, status: prediction.status, result: (await fetch(listed.output[0])).status, last: events.at(-1), changed: (await fetch(`${listed.output[0]}A`)).status };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
