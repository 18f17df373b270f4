using System.Text;
using Appliance.Cluster.Webhooks;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    // The example of the Standard Webhooks reference libraries.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void Example_of_the_standard_has_its_signature() => Sign(Secret).ShouldBe(Signature);

    [Fact]
    public void Secret_without_prefix_signs_with_its_characters_and_with_its_bytes()
    {
        var signatures = Sign(Secret["whsec_".Length..]).Split(' ');

        signatures.Length.ShouldBe(2);
        signatures[1].ShouldBe(Signature);
        signatures[0].ShouldNotBe(Signature);
    }

    [Fact]
    public void Secret_that_is_no_base64_signs_once() => Sign("correct-horse-battery-staple").ShouldNotContain(" ");

    [Fact]
    public void Spark_signature_is_over_the_body_alone_with_the_secret_as_it_is_written() =>
        // printf '%s' '{"test": 2432232314}' | openssl dgst -sha256 -hmac hunter2
        WebhookSignature.Spark("hunter2", Body()).ShouldBe("sha256=b7e689df20c8660833eccb6507fb36f1217ff1352a1dfb250924a1614abece8a");

    [Theory]
    [InlineData("hunter2", true)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [InlineData("whsec_", false)]
    [InlineData("whsec_not base64", false)]
    [InlineData("whsec_c2hvcnQ=", false)]
    [InlineData("two words", false)]
    [InlineData("schlüssel", false)]
    [InlineData("", false)]
    public void Usable_secrets(string secret, bool isUsable) => WebhookSignature.IsUsable(secret).ShouldBe(isUsable);

    private static string Sign(string secret) => WebhookSignature.Standard(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Body());

    private static byte[] Body() => Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
}
