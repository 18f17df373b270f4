using Appliance.Cluster.Engines;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Engines;

public class VllmStartupLogTests
{
    [Theory]
    [InlineData("solo-warm.log")]
    [InlineData("cluster-cold.log")]
    public void A_whole_start_goes_through_all_phases_and_never_back(string name)
    {
        var reader = new VllmStartupLog();
        var phases = new List<StartupPhase>();
        var last = StartupProgress.None;
        foreach (var line in SampleLogs.Read(name))
        {
            var changed = reader.Read(line);

            changed.ShouldBe(reader.Progress != last);
            reader.Progress.Fraction.ShouldBeGreaterThanOrEqualTo(last.Fraction);
            ((int)reader.Progress.Phase).ShouldBeGreaterThanOrEqualTo((int)last.Phase);
            last = reader.Progress;
            if (phases.Count == 0 || phases[^1] != last.Phase)
            {
                phases.Add(last.Phase);
            }
        }

        phases.ShouldBe([StartupPhase.Starting, StartupPhase.Weights, StartupPhase.Compiling, StartupPhase.Graphs, StartupPhase.Opening]);
        last.Fraction.ShouldBe(1);
    }

    [Theory]
    [InlineData("Loading safetensors checkpoint shards:  56% Completed | 5/9 [00:13<00:11, 2.87s/it]", StartupPhase.Weights, 0.35556, "5 of 9")]
    [InlineData("(EngineCore pid=9) \rLoading safetensors using Fastsafetensor loader: 100% Completed | 3/3 [00:01<00:00,  1.10s/it]", StartupPhase.Weights, 0.60, "3 of 3")]
    [InlineData("\u001b[1;32mLoading anything new:  50% Completed | 7/14 [..]\u001b[0m", StartupPhase.Weights, 0.325, "7 of 14")]
    [InlineData("Loading safetensors using Runai Model Streamer:  50% Completed | 7/14 [00:02<00:02,  3.10it/s]", StartupPhase.Weights, 0.325, "7 of 14")]
    [InlineData("Multi-thread loading shards:  50% Completed | 7/14 [00:02<00:02,  3.10it/s]", StartupPhase.Weights, 0.325, "7 of 14")]
    [InlineData("Loading pt checkpoint shards:  50% Completed | 1/2 [00:02<00:02,  3.10s/it]", StartupPhase.Weights, 0.325, "1 of 2")]
    [InlineData("Loading safetensors using InstantTensor loader:  50% Completed | 7/14 [..]", StartupPhase.Weights, 0.325, "7 of 14")]
    [InlineData("b12x weights:  50% Completed | 7/14", StartupPhase.Weights, 0.325, "7 of 14")]
    [InlineData("Fetching 9 files:  44%|████▍     | 4/9 [00:10<00:12,  2.5s/it]", StartupPhase.Weights, 0.05, "4 of 9")]
    [InlineData("(EngineCore pid=9) INFO 11-21 08:01:46 [x.py:1] Detected MTP model. Sharing target model embedding weights with the draft model.", StartupPhase.Weights, 0.60, null)]
    [InlineData("(APIServer pid=1) INFO 11-21 08:01:46 [utils.py:299]        █▄█▀ █     █     █     █  version 0.23.1rc1.dev41+g1b2c3d4", StartupPhase.Starting, 0.01, null)]
    [InlineData("(EngineCore pid=9) INFO 11-21 08:01:46 [ray_utils.py:1] Waiting for creating a placement group of specs for 70 seconds.", StartupPhase.Starting, 0.04, null)]
    [InlineData("(EngineCore pid=9) INFO 11-21 08:01:46 [x.py:1] Skipping CUDA graph capture.", StartupPhase.Graphs, 0.95, null)]
    [InlineData("Capturing CUDA graphs (FULL):  50%|█████     | 33/66 [00:05<00:05,  6.11it/s]", StartupPhase.Graphs, 0.85, "33 of 66")]
    [InlineData("(EngineCore pid=9) INFO 11-21 08:01:46 [x.py:1] init engine (profile, create kv cache, warmup model) took 212.68 s (compilation: 13.01 s)", StartupPhase.Opening, 0.96, null)]
    [InlineData("\u001b]8;;http://x\u0007(APIServer pid=1)\u001b]8;;\u0007 INFO 11-21 [x.py:1] Route: /v1/models, Methods: GET", StartupPhase.Opening, 0.98, null)]
    [InlineData("Capturing CUDA graphs (mixed prefill-decode, PIECEWISE):  50%|█████     | 33/66 [00:05<00:05,  6.11it/s]", StartupPhase.Graphs, 0.85, "33 of 66")]
    [InlineData("Capturing CUDA graphs (decode, FULL): 100%|██████████| 35/35 [00:03<00:00, 9.9it/s]", StartupPhase.Graphs, 0.95, "35 of 35")]
    [InlineData("DeepGEMM warmup:  47%|####6     | 47/100", StartupPhase.Compiling, 0.7329, "47 %")]
    [InlineData("(APIServer pid=1) INFO:     Application startup complete.", StartupPhase.Opening, 1, null)]
    public void A_line_says_where_the_start_is(string line, StartupPhase phase, double fraction, string? detail)
    {
        var reader = new VllmStartupLog();

        reader.Read(line).ShouldBeTrue();

        reader.Progress.Phase.ShouldBe(phase);
        reader.Progress.Fraction.ShouldBe(fraction, 0.0001);
        reader.Progress.Detail.ShouldBe(detail);
    }

    [Theory]
    [InlineData("(RayWorkerWrapper pid=733, ip=192.0.2.12) INFO 11-21 08:01:46 [x.py:1] Model loading took 59.66 GiB memory and 91.6 seconds")]
    [InlineData("(EngineCore pid=5) (RayWorkerWrapper pid=733, ip=192.0.2.12) INFO 11-21 08:01:46 [x.py:1] Model loading took 59.66 GiB")]
    [InlineData("(Worker_TP1 pid=733) INFO 11-21 08:01:46 [x.py:1] Model loading took 59.66 GiB memory and 91.6 seconds")]
    [InlineData("No available shared memory broadcast block found in 60 seconds.")]
    [InlineData("(EngineCore pid=5) ")]
    [InlineData("")]
    public void Another_rank_and_harmless_lines_move_nothing(string line)
    {
        var reader = new VllmStartupLog();

        reader.Read(line).ShouldBeFalse();
        reader.Progress.ShouldBe(StartupProgress.None);
    }

    [Fact]
    public void The_first_worker_moves_the_progress()
    {
        var reader = new VllmStartupLog();

        reader.Read("(Worker_TP0 pid=733) INFO 11-21 08:01:46 [x.py:1] Model loading took 59.66 GiB memory").ShouldBeTrue();
    }

    [Fact]
    public void Lines_in_any_order_never_move_it_back()
    {
        var lines = SampleLogs.Read("solo-warm.log").Concat(SampleLogs.Read("cluster-cold.log")).ToArray();

        Prop.ForAll(Gen.ArrayOf(Gen.Elements(lines)).ToArbitrary(), picked =>
        {
            var reader = new VllmStartupLog();
            var last = reader.Progress;
            return picked.All(line =>
            {
                reader.Read(line);
                var isForward = reader.Progress.Fraction >= last.Fraction && reader.Progress.Phase >= last.Phase && reader.Progress.Fraction is >= 0 and <= 1;
                last = reader.Progress;
                return isForward;
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Foreign_text_is_never_an_exception() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
    {
        var reader = new VllmStartupLog();
        reader.Read(text ?? "");
        reader.Read($"Loading x: {text}% Completed | {text}/{text}");
        reader.Read("Loading x:  50% Completed | 999999999/0");
        VllmDiagnosis.Find([text ?? "", $"ValueError: {text} KV cache is needed, which is larger than the available KV cache memory"]);
        return reader.Progress.Fraction is >= 0 and <= 1;
    }).QuickCheckThrowOnFailure();
}
