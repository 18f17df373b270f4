using System.Text;
using Appliance.Gateway.Images;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Images;

public sealed class ImageKindTests
{
    [Theory]
    [InlineData("89504e470d0a1a0a00", "image/png")]
    [InlineData("ffd8ffe000104a46", "image/jpeg")]
    [InlineData("474946383961", "image/gif")]
    [InlineData("524946460000000057454250", "image/webp")]
    [InlineData("424d0000000000000000", "image/bmp")]
    [InlineData("49492a00", "image/tiff")]
    [InlineData("4d4d002a", "image/tiff")]
    [InlineData("000000206674797061766966", "image/avif")]
    [InlineData("000000206674797068656963", "image/heic")]
    [InlineData("000000206674797069736f6d", null)]
    [InlineData("52494646000000005741564520", null)]
    [InlineData("3c73766720", null)]
    [InlineData("89504e47", null)]
    [InlineData("", null)]
    public void Picture_is_known_by_its_first_bytes(string bytes, string? type) => ImageKind.Find(Convert.FromHexString(bytes)).ShouldBe(type);

    [Fact]
    public void Text_is_never_a_picture() => ImageKind.Find(Encoding.UTF8.GetBytes("{\"secret\":\"BM\"}")).ShouldBeNull();
}
