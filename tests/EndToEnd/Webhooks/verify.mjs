// Verifies one webhook a line of standard input ({secret, headers, body}) with the standard's reference library, or, where there is a JSON Web Key
// ({key, headers, body}), its Ed25519 signature; writes "good" or why not.
import { createPublicKey, verify } from "node:crypto";
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

function verifyWithKey(key, headers, body) {
  const signed = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
  const signatures = headers["webhook-signature"].split(" ").filter((signature) => signature.startsWith("v1a,"));
  const publicKey = createPublicKey({ key, format: "jwk" });
  if (!signatures.some((signature) => verify(null, signed, publicKey, Buffer.from(signature.slice(4), "base64")))) {
    throw new Error("No v1a signature matches");
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, key, headers, body } = JSON.parse(line);
  try {
    if (key) verifyWithKey(key, headers, body);
    else new Webhook(secret).verify(body, headers);
    console.log("good");
  } catch (error) {
    console.log(error.message);
  }
}
