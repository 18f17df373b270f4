using System.Text;
using System.Text.Json;
using Appliance.Gateway.Bodies;
using Appliance.TestKit.Time;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Bodies;

public sealed class SplicingProperties
{
    [Fact]
    public void Splicing_the_name_keeps_every_other_byte() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<NonNull<string>>(), (seed, name) =>
        {
            var random = new Random(seed);
            var (before, value, after) = RandomJson.Object(random);
            var body = Encoding.UTF8.GetBytes(before + value + after);
            var served = new string([.. name.Get.Where(c => !char.IsSurrogate(c))]);

            var spliced = Splice(body, served, pieceSize: random.Next(1, 40), readSize: random.Next(1, 40));

            var start = Encoding.UTF8.GetByteCount(before);
            var end = Encoding.UTF8.GetByteCount(after);
            return spliced.AsSpan(0, start).SequenceEqual(body.AsSpan(0, start))
                && spliced.AsSpan(spliced.Length - end).SequenceEqual(body.AsSpan(body.Length - end))
                && JsonDocument.Parse(spliced).RootElement.GetProperty("model").GetString() == served;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public async Task Body_of_many_pieces_comes_out_whole_and_its_memory_goes_back_at_the_end()
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', 200_000)}}","model":"old","b":"{{new string('y', 200_000)}}"}""");
        var body = await PooledBody.ReadAsync(new MemoryStream(bytes), bytes.Length, bytes.Length, CancellationToken.None).AsTask().DefaultTimeout();
        var good = BodyScanner.Scan(body.AsSequence()).ShouldBeOfType<BodyScan.Good>();

        await using var stream = new SplicedBodyStream(body.AsSequence(), [Edit(good, "new/name")], body);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy).DefaultTimeout();

        Encoding.UTF8.GetString(copy.ToArray()).ShouldBe(Encoding.UTF8.GetString(bytes).Replace("\"old\"", "\"new/name\"", StringComparison.Ordinal));
        stream.TotalLength.ShouldBe(copy.Length);
        body.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Body_that_is_read_after_it_was_given_back_is_an_error_and_never_other_bytes()
    {
        var body = await PooledBody.ReadAsync(new MemoryStream("{}"u8.ToArray()), null, 10, CancellationToken.None).AsTask().DefaultTimeout();
        var stream = new SplicedBodyStream(body.AsSequence(), [], body);
        await stream.DisposeAsync();

        Should.Throw<ObjectDisposedException>(() => stream.Read(new byte[10]));
    }

    private static BodyEdit Edit(BodyScan.Good good, string name) => new(good.Place.Start, good.Place.Length, ModelName.BytesFor(good.Place, name));

    private static byte[] Splice(byte[] body, string served, int pieceSize, int readSize)
    {
        var sequence = Pieces.Of(body, pieceSize);
        var good = BodyScanner.Scan(sequence).ShouldBeOfType<BodyScan.Good>();
        using var stream = new SplicedBodyStream(sequence, [Edit(good, served)]);
        using var copy = new MemoryStream();
        var buffer = new byte[readSize];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            copy.Write(buffer, 0, read);
        }

        stream.TotalLength.ShouldBe(copy.Length);
        return copy.ToArray();
    }
}
