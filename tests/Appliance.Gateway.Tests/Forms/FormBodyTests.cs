using System.Text;
using Appliance.Gateway.Forms;
using Appliance.TestKit.Time;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Forms;

/// <summary>T-24: a form passes byte for byte but for the model's name, whatever its pieces; anything that could be read in two ways is refused.</summary>
public sealed class FormBodyTests
{
    private const string Boundary = "b-1";

    [Fact]
    public void Form_passes_with_only_the_models_name_exchanged() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var parts = RandomParts(random);
            var name = random.Next(4) == 0 ? string.Empty : $"served/{new string('n', random.Next(60))}";
            var bytes = Write(parts);
            var early = FindEarly(parts);

            var (sent, model, length) = Send(bytes, name, random);

            var expected = name.Length == 0 ? bytes : Write([.. parts.Select(part => part.Name == "model" ? part with { Value = Encoding.UTF8.GetBytes(name) } : part)]);
            return sent.AsSpan().SequenceEqual(expected) && (early is null || model == early) && (length is null || length == expected.Length);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public async Task Model_before_the_file_is_known_before_the_file_is_read()
    {
        var form = new FormBody(new MemoryStream(Write([new Part("model", "parakeet"u8.ToArray()), new Part("file", new byte[100_000])])), Encoding.ASCII.GetBytes(Boundary), 100_200);

        await form.ReadHeadAsync(CancellationToken.None).DefaultTimeout();

        form.Model.ShouldBe("parakeet");
        form.WasRead.ShouldBeFalse();
    }

    [Fact]
    public async Task Model_behind_a_long_file_is_not_known_and_is_exchanged_all_the_same()
    {
        var bytes = Write([new Part("file", new byte[100_000]), new Part("model", "whisper-1"u8.ToArray())]);
        var form = new FormBody(new MemoryStream(bytes), Encoding.ASCII.GetBytes(Boundary), bytes.Length);
        await form.ReadHeadAsync(CancellationToken.None).DefaultTimeout();

        form.Model.ShouldBeNull();
        form.TotalLength.ShouldBe(bytes.Length);
        form.SendAs("served");
        form.TotalLength.ShouldBeNull();
        using var copy = new MemoryStream();
        await form.CopyToAsync(copy).DefaultTimeout();
        copy.ToArray().ShouldBe(Write([new Part("file", new byte[100_000]), new Part("model", "served"u8.ToArray())]));
    }

    [Theory]
    [InlineData("", "ends before")]
    [InlineData("--b-", "ends before")]
    [InlineData("preamble\r\n--b-1\r\n", "does not begin")]
    [InlineData("\r\n--b-1\r\n", "does not begin")]
    [InlineData("--b-1\nX", "line break")]
    [InlineData("--b-1 \r\n", "line break")]
    [InlineData("--b-1\r\n\r\nno headers\r\n\r\n--b-1--", "header that is not one")]
    [InlineData("--b-1\r\nContent-Type: audio/wav\r\n\r\nx\r\n--b-1--", "no name")]
    [InlineData("--b-1\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b-1--", "no name")]
    [InlineData("--b-1\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--b-1--", "no name")]
    [InlineData("--b-1\r\nContent-Disposition: attachment; name=\"file\"\r\n\r\nx\r\n--b-1--", "no name")]
    [InlineData("--b-1\r\nContent-Disposition: form-data; name=\"file\"; name=\"model\"\r\n\r\nx\r\n--b-1--", "no name")]
    [InlineData("--b-1\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nx\r\n--b-1--", "two names")]
    [InlineData("--b-1\r\nContent-Disposition: form-data; name=\"a\"\n x: y\r\n\r\nx\r\n--b-1--", "header that is not one")]
    [InlineData("--b-1\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nx\r\n--b-1\r\nContent-Disposition: form-data; name=model\r\n\r\ny\r\n--b-1--", "twice")]
    [InlineData("--b-1\r\nContent-Disposition: form-data; name=\"Url\"\r\n\r\nhttp://192.0.2.1\r\n--b-1--", "not accepted")]
    [InlineData("--b-1\r\nContent-Disposition: form-data; name=\"audio_url\"\r\n\r\nhttp://192.0.2.1\r\n--b-1--", "not accepted")]
    [InlineData("--b-1\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf a fil", "ends before")]
    [InlineData("--b-1\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b-1", "ends before")]
    public void Form_that_two_readers_could_understand_differently_is_refused(string text, string words)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var longest = 1; longest < bytes.Length + 2; longest += 7)
        {
            Should.Throw<BadFormException>(() => Send(bytes, "served", new Random(longest), longest), $"pieces up to {longest}").Message.ShouldContain(words);
        }
    }

    [Fact]
    public void Form_with_more_parts_or_longer_headers_than_any_real_one_is_refused()
    {
        var many = Write([.. Enumerable.Range(0, 300).Select(i => new Part($"f{i}", [1]))]);
        Should.Throw<BadFormException>(() => Send(many, string.Empty, new Random(1))).Message.ShouldContain("256 parts");

        var wide = Encoding.ASCII.GetBytes($"--b-1\r\nX: {new string('x', 9_000)}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b-1--");
        Should.Throw<BadFormException>(() => Send(wide, string.Empty, new Random(1))).Message.ShouldContain("too long");
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=abc", "abc")]
    [InlineData("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"", "a b")]
    [InlineData("multipart/form-data", null)]
    [InlineData("multipart/form-data; boundary=", null)]
    [InlineData("multipart/form-data; boundary=a; boundary=b", null)]
    [InlineData("multipart/form-data; boundary=\"a\\r\\nb\"", null)]
    [InlineData("multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890x", null)]
    [InlineData("multipart/mixed; boundary=abc", null)]
    [InlineData("application/json", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Boundary_is_taken_only_from_a_form_that_states_one(string? type, string? boundary)
    {
        var found = FormBoundary.Find(type);

        (found is null ? null : Encoding.ASCII.GetString(found)).ShouldBe(boundary);
    }

    private static (byte[] Sent, string? Model, long? Length) Send(byte[] bytes, string name, Random random, int longest = 40_000)
    {
        var form = new FormBody(new SlowStream(bytes, random, longest), Encoding.ASCII.GetBytes(Boundary), random.Next(2) == 0 ? bytes.Length : null);
        form.ReadHeadAsync(CancellationToken.None).GetAwaiter().GetResult();
        form.SendAs(name);
        var length = form.TotalLength;
        using var copy = new MemoryStream();
        form.CopyToAsync(copy, random.Next(1, 70_000)).GetAwaiter().GetResult();
        return (copy.ToArray(), form.Model, length);
    }

    private static byte[] Write(Part[] parts) =>
    [
        .. parts.SelectMany(part => (byte[])
        [
            .. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{part.Name}\"{(part.Name == "file" ? "; filename=\"../é\\\".wav\"\r\nContent-Type: audio/wav" : "")}\r\n\r\n"),
            .. part.Value,
            .. "\r\n"u8,
        ]),
        .. Encoding.UTF8.GetBytes($"--{Boundary}--\r\n"),
    ];

    private static Part[] RandomParts(Random random)
    {
        var parts = new List<Part> { new("file", RandomBytes(random, random.Next(3) == 0 ? 90_000 : 300)) };
        if (random.Next(5) > 0)
        {
            parts.Insert(random.Next(2), new Part("model", Encoding.UTF8.GetBytes(new string('m', random.Next(40)))));
        }

        for (var i = random.Next(4); i > 0; i--)
        {
            parts.Insert(random.Next(parts.Count + 1), new Part($"timestamp_granularities[{i}]", RandomBytes(random, 40)));
        }

        return [.. parts];
    }

    /// <summary>Bytes that look like the boundary, up to its last byte.</summary>
    private static byte[] RandomBytes(Random random, int longest)
    {
        byte[][] traps = ["\r\n--b-"u8.ToArray(), "\r\n--b-2"u8.ToArray(), "-b-1"u8.ToArray(), "\r\n"u8.ToArray(), "\r\n\r\n--"u8.ToArray(), [0]];
        var bytes = new List<byte>();
        while (bytes.Count < longest && random.Next(200) > 0)
        {
            bytes.AddRange(traps[random.Next(traps.Length)]);
        }

        return [.. bytes];
    }

    private static string? FindEarly(Part[] parts)
    {
        var before = Write([.. parts.TakeWhile(part => part.Name != "model")]).Length;
        return before < 15_000 && parts.FirstOrDefault(part => part.Name == "model") is { } model ? Encoding.UTF8.GetString(model.Value) : null;
    }

    private sealed record Part(string Name, byte[] Value);
}
