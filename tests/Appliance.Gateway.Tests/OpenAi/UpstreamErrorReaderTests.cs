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
