using System.Text;
using Appliance.Gateway.OpenAi;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.OpenAi;

public sealed class UpstreamErrorReaderTests
{
    [Theory]
    [InlineData(404, """{"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":"model","code":404}}""", "The model `x` does not exist.", "model", "model_not_found")]
    [InlineData(400, """{"error":{"message":"no","type":"t","param":null,"code":"context_length_exceeded"}}""", "no", null, "context_length_exceeded")]
    [InlineData(400, """{"object":"error","message":"flat vLLM","type":"BadRequestError","code":400}""", "flat vLLM", null, null)]
    [InlineData(422, """{"message":"tokenizer","code":422,"type":"Tokenizer"}""", "tokenizer", null, null)]
    [InlineData(413, """{"error":"batch size 64 > 32","error_type":"Validation"}""", "batch size 64 > 32", null, "request_too_large")]
    [InlineData(403, """{"detail":"Invalid key"}""", "Invalid key", null, null)]
    [InlineData(400, """{"detail":{"error":"invalid_model","message":"Unsupported model","type":"invalid_request_error"}}""", "Unsupported model", null, null)]
    [InlineData(422, """{"detail":[{"loc":["body","input"],"msg":"Field required","type":"missing"},{"loc":["body",0],"msg":"bad"}]}""", "body.input: Field required; body.0: bad", null, null)]
    [InlineData(500, "<html><script>alert(1)</script></html>", "The model server answered 500 and gave no reason.", null, "upstream_failed")]
    [InlineData(503, "", "The model server answered 503 and gave no reason.", null, "upstream_failed")]
    [InlineData(429, "[]", "The model server answered 429 and gave no reason.", null, "rate_limit_exceeded")]
    [InlineData(400, """{"error":{"message":"a\u0000\u001b[31mb"}}""", "a  [31mb", null, null)]
    [InlineData(500, "Internal Server Error", "Internal Server Error", null, "upstream_failed")]
    [InlineData(422, " Failed to parse the request body as JSON \n", "Failed to parse the request body as JSON", null, null)]
    [InlineData(502, "<!DOCTYPE html><title>502 Bad Gateway</title>", "The model server answered 502 and gave no reason.", null, "upstream_failed")]
    [InlineData(404, """{"detail":"Not Found"}""", "The model server does not offer this kind of request.", null, "unknown_url")]
    [InlineData(404, """{"detail":"Model 'x' is not installed"}""", "Model 'x' is not installed", null, "model_not_found")]
    [InlineData(400, """{"error":{"code":400,"message":"request (4476 tokens) exceeds the available context size (4096 tokens)","type":"exceed_context_size_error","n_ctx":4096}}""", "request (4476 tokens) exceeds the available context size (4096 tokens)", null, "context_length_exceeded")]
    [InlineData(400, """{"object":"error","message":"This model's maximum context length is 8192 tokens.","type":"BadRequestError","param":null,"code":400}""", "This model's maximum context length is 8192 tokens.", null, "context_length_exceeded")]
    [InlineData(503, """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""", "Loading model", null, "upstream_failed")]
    [InlineData(422, """{"message":"inputs cannot be empty","code":422,"type":"Validation"}""", "inputs cannot be empty", null, null)]
    [InlineData(400, """{"detail":{"error":{"message":"Unknown voice","type":"validation_error"}}}""", "Unknown voice", null, null)]
    [InlineData(404, """{"error":"model \"x\" not found, try pulling it first"}""", "model \"x\" not found, try pulling it first", null, "model_not_found")]
    public void Every_shape_becomes_the_one_shape(int status, string body, string message, string? param, string? code)
    {
        var envelope = UpstreamErrorReader.Read(status, Encoding.UTF8.GetBytes(body));

        envelope.Src.ShouldBe("upstream");
        envelope.Error.Message.ShouldBe(message);
        envelope.Error.Param.ShouldBe(param);
        envelope.Error.Code.ShouldBe(code);
        envelope.Error.Type.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Endless_message_is_cut()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"detail":"{{new string('x', 60_000)}}"}""");

        UpstreamErrorReader.Read(500, body).Error.Message.Length.ShouldBe(4_096);
    }
}
