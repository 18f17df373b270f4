// The official client against a running gateway: node client.mjs BASE-URL CASE…
// Every case prints its name when it went well; the first that does not ends the run with a stack trace.
import assert from "node:assert/strict";
import OpenAI, {
  toFile,
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
} from "openai";

const [baseURL, ...wanted] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "any-word", maxRetries: 0 });
const model = "default";
const user = (content) => [{ role: "user", content }];

const cases = {
  async chat() {
    const { data, response } = await client.chat.completions.create({ model, messages: user("Hello") }).withResponse();
    assert.match(data.choices[0].message.content, /^Hello from /);
    assert.ok(data.usage.total_tokens > 0);
    assert.ok(data._request_id);
    assert.ok(response.headers.get("x-served-by"));
  },

  async stream() {
    const stream = await client.chat.completions.create({ model, messages: user("Hello"), stream: true, stream_options: { include_usage: true } });
    let text = "";
    let usage = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? "";
      usage = chunk.usage ?? usage;
    }
    assert.match(text, /^Hello from /);
    assert.ok(usage.completion_tokens > 0);
  },

  async tools() {
    const tools = [{ type: "function", function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } } }];
    const stream = client.chat.completions.stream({ model, messages: user("Weather?"), tools });
    const { choices } = await stream.finalChatCompletion();
    const [call] = choices[0].message.tool_calls;
    assert.equal(call.function.name, "get_weather");
    assert.deepEqual(JSON.parse(call.function.arguments), { city: "city" });
  },

  async vision() {
    const url = `data:image/png;base64,${Buffer.alloc(200_000).toString("base64")}`;
    const answer = await client.chat.completions.create({
      model,
      messages: user([{ type: "text", text: "What is this?" }, { type: "image_url", image_url: { url } }]),
    });
    assert.match(answer.choices[0].message.content, /one picture/);
  },

  async address() {
    const message = user([{ type: "image_url", image_url: { url: "http://192.0.2.1/x.png" } }]);
    await assert.rejects(client.chat.completions.create({ model, messages: message }), (error) => error.status === 400 && error.code === "media_url_not_allowed");
  },

  async responses() {
    const stream = await client.responses.create({ model, input: "Hello", stream: true });
    let text = "";
    let last = null;
    for await (const event of stream) {
      text += event.type === "response.output_text.delta" ? event.delta : "";
      last = event.type;
    }
    assert.match(text, /^Hello from /);
    assert.equal(last, "response.completed");
  },

  async embeddings() {
    // The client asks for base64 by itself.
    const texts = Array.from({ length: 70 }, (_, i) => `text number ${i}`);
    const { data, usage } = await client.embeddings.create({ model, input: texts });
    assert.deepEqual(data.map((item) => item.index), texts.map((_, i) => i));
    assert.ok(data.every((item) => item.embedding.length === 1024));
    assert.ok(usage.prompt_tokens >= 210);
    const alone = await client.embeddings.create({ model, input: texts[42], encoding_format: "float" });
    assert.ok(data[42].embedding.every((x, i) => Math.abs(x - alone.data[0].embedding[i]) < 1e-6));
  },

  async transcription() {
    const file = await toFile(Buffer.alloc(320_000), "speech.wav");
    const answer = await client.audio.transcriptions.create({ file, model, response_format: "verbose_json" });
    assert.match(answer.text, /demo cluster/);
    assert.equal(answer.duration, 10);
  },

  async speech() {
    const answer = await client.audio.speech.create({ model, voice: "af_heart", input: "one two three", response_format: "wav" });
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(bytes.subarray(0, 4).toString(), "RIFF");
    assert.ok(bytes.length > 40_000);
  },

  async models() {
    const list = await client.models.list();
    assert.ok(list.data.length > 0);
    assert.equal((await client.models.retrieve(list.data[0].id)).id, list.data[0].id);
  },

  async unknown() {
    await assert.rejects(
      client.chat.completions.create({ model: "gpt-4o", messages: user("Hello") }),
      (error) => error instanceof NotFoundError && error.code === "model_not_found" && error.requestID.length > 0,
    );
  },

  async classes() {
    // The server behind these names answers with the status in them, in vLLM's shape.
    const classes = {
      400: BadRequestError,
      401: AuthenticationError,
      403: PermissionDeniedError,
      404: NotFoundError,
      422: UnprocessableEntityError,
      429: RateLimitError,
      500: InternalServerError,
      503: InternalServerError,
    };
    for (const [status, type] of Object.entries(classes)) {
      await assert.rejects(
        client.chat.completions.create({ model: `status-${status}`, messages: user("Hello") }),
        (error) => error instanceof type && error.status === Number(status) && error.message.includes("as asked") && typeof error.type === "string",
      );
    }
  },

  async rerank() {
    const { results, score_kind } = await client.post("/rerank", { body: { query: "a black cat", documents: ["the weather", "a black cat sleeps"], top_n: 1 } });
    assert.deepEqual(results.map((result) => result.index), [1]);
    assert.equal(score_kind, "logit");
  },

  async cancel() {
    // The server stops after its first token until the client leaves.
    const controller = new AbortController();
    const stream = await client.chat.completions.create({ model, messages: user("Hello"), stream: true }, { signal: controller.signal });
    for await (const chunk of stream) {
      assert.ok(chunk);
      controller.abort();
    }
    await assert.rejects(
      client.chat.completions.create({ model, messages: user("Hello") }, { signal: AbortSignal.timeout(300) }),
      APIUserAbortError,
    );
  },

  async cut() {
    const told = (error) => error instanceof APIError && error.code === "upstream_failed" && /middle of its answer/.test(error.message);
    await assert.rejects(async () => {
      for await (const chunk of await client.chat.completions.create({ model: "cut", messages: user("Hello"), stream: true })) {
        assert.ok(chunk);
      }
    }, told);
    await assert.rejects(async () => {
      for await (const event of await client.responses.create({ model: "cut", input: "Hello", stream: true })) {
        assert.ok(event);
      }
    }, told);
  },
};

for (const name of wanted) {
  await cases[name]();
  console.log(`ok ${name}`);
}
