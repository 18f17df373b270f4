using Appliance.Cluster.Engines;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Engines;

/// <summary>Noise in a log changes neither the cause that is named nor how far the start is.</summary>
public sealed class NoisyLogTests
{
    public static TheoryData<string> Failures => [.. SampleLogs.Names("fail-*.log")];

    [Theory]
    [MemberData(nameof(Failures))]
    public void Diagnosis_is_the_same_with_noise(string name)
    {
        // The cause stands in the last third; the rest only costs time here.
        var lines = SampleLogs.Read(name).TakeLast(80).ToArray();
        var expected = VllmDiagnosis.Find(lines).ShouldNotBeNull();

        Prop.ForAll(NoisyLog.Of(lines).ToArbitrary(), noisy => VllmDiagnosis.Find(noisy).ShouldBe(expected)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("solo-warm.log")]
    [InlineData("cluster-cold.log")]
    public void Progress_is_the_same_with_noise(string name)
    {
        var lines = SampleLogs.Read(name).Where(line => !LogText.IsFromOtherRank(LogText.Plain(line))).ToArray();

        Prop.ForAll(NoisyLog.Of(lines).ToArbitrary(), Gen.Choose(0, lines.Length).ToArbitrary(), (noisy, _) =>
        {
            var reader = new VllmStartupLog();
            foreach (var line in noisy)
            {
                reader.Read(line);
            }

            reader.Progress.ShouldBe(new StartupProgress(StartupPhase.Opening, 1));
            VllmDiagnosis.Find(noisy).ShouldBeNull();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Each_line_moves_the_progress_as_far_with_noise()
    {
        var lines = SampleLogs.Read("solo-warm.log").Concat(SampleLogs.Read("cluster-cold.log"))
            .Where(line => !line.Contains('\r') && !LogText.IsFromOtherRank(LogText.Plain(line))).Distinct().ToArray();

        Prop.ForAll((from line in Gen.Elements(lines) from noisy in NoisyLog.Of([line]) select (line, noisy)).ToArbitrary(), one =>
        {
            var (quiet, loud) = (new VllmStartupLog(), new VllmStartupLog());
            quiet.Read(one.line);
            foreach (var line in one.noisy)
            {
                loud.Read(line);
            }

            loud.Progress.ShouldBe(quiet.Progress);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}
