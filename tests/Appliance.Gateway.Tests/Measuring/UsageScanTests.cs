using System.Text;
using Appliance.Gateway.Measuring;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Measuring;

public sealed class UsageScanTests
{
    [Theory]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":12,"total_tokens":212,"completion_tokens":200,"prompt_tokens_details":{"cached_tokens":7}}}""", 12L, 200L)]
    [InlineData("""{"usage":{"input_tokens" : 5 , "input_tokens_details":{"cached_tokens":1},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":3}}}""", 5L, 9L)]
    [InlineData("""{"data":[{"embedding":[0.1]}],"usage":{"prompt_tokens":3,"total_tokens":3}}""", 3L, null)]
    [InlineData("""{"choices":[{"text":"say \"prompt_tokens\":99, \"completion_tokens\": 98 twice"}],"usage":null}""", null, null)]
    [InlineData("""{"usage":{"prompt_tokens":"12","completion_tokens":null}}""", null, null)]
    [InlineData("""{"usage":{"prompt_tokens":99999999999999999999999,"completion_tokens":-4}}""", null, null)]
    [InlineData("", null, null)]
    public void Counts_are_found_wherever_the_answer_is_cut(string answer, long? tokensIn, long? tokensOut)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        for (var size = 1; size <= bytes.Length + 1; size++)
        {
            var scan = new UsageScan();
            foreach (var piece in bytes.Chunk(size))
            {
                scan.Add(piece);
            }

            scan.End();
            (scan.TokensIn, scan.TokensOut).ShouldBe((tokensIn, tokensOut), $"pieces of {size}");
        }
    }

    [Fact]
    public void Stream_that_counts_up_ends_with_the_last_count()
    {
        var scan = new UsageScan();
        scan.Add("""event: message_start\ndata: {"message":{"usage":{"input_tokens":25,"output_tokens":1}}}\n\n"""u8);
        scan.Add("""event: message_delta\ndata: {"usage":{"output_tokens":15}}\n\n"""u8);

        scan.End();

        (scan.TokensIn, scan.TokensOut).ShouldBe((25, 15));
    }

    [Fact]
    public void Number_at_the_very_end_is_whole() => Scan("\"completion_tokens\":17").TokensOut.ShouldBe(17);

    private static UsageScan Scan(string text)
    {
        var scan = new UsageScan();
        scan.Add(Encoding.UTF8.GetBytes(text));
        scan.End();
        return scan;
    }
}
