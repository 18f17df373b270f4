using System.Text;
using Appliance.Cluster.Settings;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Settings;

/// <summary>The format of app_settings.json: forgiving where nothing is lost, exact about where it is broken, silent about what is in it.</summary>
public sealed class SettingsFileTests
{
    private const string Good = """
        {
          "auto_swap": true,
          "hold_seconds": 30,
          "swap_webhook_secret": "s3cret-value",
          "swap_webhook_url": "http://192.0.2.20:8123/hook"
        }

        """;

    [Fact]
    public void Good_file_is_read_as_a_person_would_type_it() =>
        Read(Good).Entries.Select(entry => $"{entry.Key}={entry.Text} at {entry.Place.Line},{entry.Place.Column}").ShouldBe(
        [
            "AUTO_SWAP=true at 2,3", "HOLD_SECONDS=30 at 3,3", "SWAP_WEBHOOK_SECRET=s3cret-value at 4,3", "SWAP_WEBHOOK_URL=http://192.0.2.20:8123/hook at 5,3",
        ]);

    [Fact]
    public void What_is_written_is_what_was_read() => Encoding.UTF8.GetString(SettingsFile.Write(Read(Good).Entries)).ShouldBe(Good);

    [Theory]
    [InlineData("\uFEFF{\"hold_seconds\": 30}")]
    [InlineData("{\r\n  \"hold_seconds\": 30\r\n}\r\n")]
    [InlineData("{ \"HOLD_SECONDS\": \" 30 \", }")]
    [InlineData("{\"hold_seconds\": 30, \"auto_swap\": null}")]
    public void Marks_line_ends_capitals_and_a_last_comma_are_no_mistakes(string text)
    {
        var entry = Read(text).Entries.ShouldHaveSingleItem();

        (entry.Key, entry.Text).ShouldBe(("HOLD_SECONDS", "30"));
    }

    [Theory]
    [InlineData("", "Line 1, column 1: this is not JSON")]
    [InlineData("[]", "Line 1, column 1: the file must begin with {")]
    [InlineData("{\n  \"hold_seconds\": 30\n  \"auto_swap\": true\n}", "Line 3, column 3: this is not JSON")]
    [InlineData("{\n  \"hold_seconds\": t0psecret\n}", "Line 2, column 20: this is not JSON")]
    [InlineData("{\n  \"ä\": \"ü\" x", "Line 2, column 12: this is not JSON")]
    [InlineData("{\"hold_seconds\": 30} {}", "Line 1, column 22: this is not JSON")]
    [InlineData("{\n\"hold_seconds\": 30,\n\"HOLD_SECONDS\": 31}", "Line 3, column 1: 'hold_seconds' stands here a second time")]
    [InlineData("{\"hold_seconds\": [30]}", "Line 1, column 2: 'hold_seconds' must be a text in quotation marks")]
    [InlineData("{\"swap_webhook_secret\": \"\\ud800\"}", "Line 1, column 25: this text holds half a character")]
    public void Broken_file_is_told_with_its_place_and_without_its_content(string text, string begin)
    {
        var reading = Read(text);

        reading.Entries.ShouldBeEmpty();
        reading.Problems.ShouldHaveSingleItem().ShouldStartWith(begin);
        reading.Problems[0].ShouldNotContain("t0psecret");
    }

    [Fact]
    public void Nesting_size_and_bytes_have_limits()
    {
        Read("{\"a\":" + new string('[', 100_000)).Problems.ShouldHaveSingleItem();
        SettingsFile.Read(new byte[SettingsFile.MaxBytes + 1]).Problems.ShouldHaveSingleItem().ShouldContain("262,144");
        SettingsFile.Read([(byte)'{', 0xFF, (byte)'}']).Problems.ShouldHaveSingleItem().ShouldContain("not UTF-8");
    }

    [Fact]
    public void F29_Any_damage_is_either_taken_or_told()
    {
        var bytes = Encoding.UTF8.GetBytes(Good);
        for (var length = 0; length <= bytes.Length; length++)
        {
            ShouldBeTakenOrTold(bytes[..length]);
        }

        Prop.ForAll(
            (from place in Gen.Choose(0, bytes.Length - 1) from bit in Gen.Choose(0, 7) select (place, bit)).ListOf(3).ToArbitrary(),
            flips =>
            {
                var damaged = bytes.ToArray();
                foreach (var (place, bit) in flips)
                {
                    damaged[place] ^= (byte)(1 << bit);
                }

                ShouldBeTakenOrTold(damaged);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    private static void ShouldBeTakenOrTold(byte[] bytes)
    {
        var reading = SettingsFile.Read(bytes);

        (reading.Entries.IsEmpty || reading.Problems.IsEmpty).ShouldBeTrue();
        foreach (var problem in reading.Problems)
        {
            problem.ShouldStartWith("Line ");
        }

        SettingsFile.Read(SettingsFile.Write(reading.Entries)).Entries.Select(entry => (entry.Key, entry.Text))
            .ShouldBe(reading.Entries.Select(entry => (entry.Key, entry.Text)), ignoreOrder: true);
    }

    private static SettingsFileReading Read(string text) => SettingsFile.Read(Encoding.UTF8.GetBytes(text));
}
