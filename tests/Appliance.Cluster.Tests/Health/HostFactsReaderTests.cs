using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Tests.Discovery;
using Appliance.TestKit.Files;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Health;

public sealed class HostFactsReaderTests
{
    private static readonly RemoteScript Script = RemoteScript.Load(typeof(HostWatch), "host-facts");

    // Forms as a DGX Spark prints them (spark-vllm-docker.md section 7; nvitop #208, unsloth #10283).
    private const string Spark = """
        Last login: Fri Nov 20 from somewhere
        appliance-facts 1
        boot 8a1e6b1e-2f52-4d0f-9b7e-0c2f1d3b4a59
        load 1.42 0.97 0.81 3/1204 88121
        memory MemTotal: 127600748 kB
        memory MemAvailable: 38211004 kB
        disk /dev/nvme0n1p2 3844551680 1204551680 2444622336 33% /
        gpu NVIDIA GB10, 35, 11.17, 0
        app 3121, VLLM::EngineCore, 86016
        app 4410, /opt/venv/bin/python, with a comma, 3072
        app 4411, Xorg, [N/A]
        apps read
        link enP7s7 up 10000
        link enp1s0f1np1 up 200000
        link enp1s0f0np0 down -1
        link wlP9s9 up unknown
        vpn tailscale0 100.101.102.103/32
        end
        """;

    [Fact]
    public void Readings_of_a_spark_are_understood()
    {
        var facts = HostFactsReader.Read(Spark)!;

        facts.ShouldBe(new HostFacts
        {
            BootId = "8a1e6b1e-2f52-4d0f-9b7e-0c2f1d3b4a59",
            Load = 1.42,
            MemoryTotal = ByteSize.FromKibibytes(127_600_748),
            MemoryAvailable = ByteSize.FromKibibytes(38_211_004),
            MemoryOfModels = new ByteSize((86_016L + 3_072) << 20),
            DiskFree = ByteSize.FromKibibytes(2_444_622_336),
            GpuName = "NVIDIA GB10",
            TemperatureCelsius = 35,
            PowerWatts = 11.17,
            GpuPercent = 0,
            LinkMegabits = 200_000,
            VpnAddress = "100.101.102.103",
        });
    }

    [Theory]
    [InlineData("gpu NVIDIA GB10, [N/A], N/A, [Not Supported]", "NVIDIA GB10")]
    [InlineData("gpu NVIDIA GB10, Not Supported, [Unknown Error], ERR!", "NVIDIA GB10")]
    [InlineData("gpu [N/A], [N/A], [N/A], [N/A]", null)]
    [InlineData("gpu NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", null)]
    [InlineData("gpu No devices were found", null)]
    public void Gpu_value_that_is_not_there_is_not_reported(string line, string? name)
    {
        var facts = HostFactsReader.Read($"{HostFactsReader.Header}\n{line}\nend\n")!;

        facts.ShouldBe(new HostFacts { GpuName = name });
    }

    [Theory]
    [InlineData("disk //nas/my share 100 40 60 40% /mnt/a b", 60L)]
    [InlineData("disk overlay 100 40 60 40% /", 60L)]
    [InlineData("disk overlay 100 40 - - /", null)]
    [InlineData("disk", null)]
    public void Free_disk_is_the_number_before_the_percentage(string line, long? kibibytes) =>
        HostFactsReader.Read($"{HostFactsReader.Header}\n{line}\n")!.DiskFree.ShouldBe(kibibytes is { } size ? ByteSize.FromKibibytes(size) : null);

    [Fact]
    public void Gpu_without_programs_holds_nothing_and_a_host_without_a_gpu_does_not_say()
    {
        HostFactsReader.Read($"{HostFactsReader.Header}\napps read\n")!.MemoryOfModels.ShouldBe(ByteSize.Zero);
        HostFactsReader.Read($"{HostFactsReader.Header}\nend\n")!.MemoryOfModels.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("This account is currently not available.")]
    [InlineData("memory MemTotal: 1 kB")]
    public void Text_of_somebody_else_is_no_reading(string text) => HostFactsReader.Read(text).ShouldBeNull();

    [Fact]
    public void Anything_is_read_without_an_exception()
    {
        var words = Gen.Elements(Spark.Split('\n')).Or(ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")).Or(Gen.Elements(
            "disk % % % % %", "gpu ,,,", "gpu a, 1e400, NaN, Infinity", "app ,,", "link x up 99999999999", "vpn x y", "memory MemTotal: 99999999999999999999 kB", "load", "boot", "\uD800"));
        var texts = words.ListOf().Select(lines => $"{HostFactsReader.Header}\n{string.Join('\n', lines)}");

        Prop.ForAll(texts.ToArbitrary(), text => HostFactsReader.Read(text) is { } facts
            && facts.GpuPercent is null or >= 0 and <= 100
            && facts.Load is null or >= 0).QuickCheckThrowOnFailure();
    }

    public static TheoryData<string> Shells => [.. ScriptRun.Shells.Select(shell => string.Join(' ', shell))];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Script_reads_this_machine(string shell)
    {
        var (exitCode, output) = await ScriptRun.RunAsync(shell.Split(' '), Script.Text, ["abs", "/no/such/cache"]);

        exitCode.ShouldBe(0);
        var facts = HostFactsReader.Read(output)!;
        facts.MemoryTotal!.Value.ShouldBeGreaterThan(facts.MemoryAvailable!.Value);
        facts.DiskFree!.Value.ShouldBeGreaterThan(ByteSize.Zero);
        facts.Load.ShouldNotBeNull();
        facts.BootId.ShouldNotBeNull();
    }

    [Fact]
    public async Task Script_sends_what_nvidia_smi_says_and_survives_one_that_fails()
    {
        using var folder = new TemporaryFolder();
        var path = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        await WriteProgramAsync("case $1 in --query-gpu=*) echo 'NVIDIA GB10, 47, 33.20, [N/A]' ;; *) echo '77, python, 2048'; echo '78, python, 1024' ;; esac");
        var (_, output) = await ScriptRun.RunAsync(ScriptRun.Shells[0], Script.Text, ["home", ".cache/huggingface"], ("PATH", path));
        var facts = HostFactsReader.Read(output)!;
        (facts.GpuName, facts.TemperatureCelsius, facts.GpuPercent, facts.MemoryOfModels).ShouldBe(("NVIDIA GB10", 47, null, new ByteSize(3072L << 20)));

        await WriteProgramAsync("echo 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'; exit 9");
        (_, output) = await ScriptRun.RunAsync(ScriptRun.Shells[0], Script.Text, ["home", ""], ("PATH", path));
        facts = HostFactsReader.Read(output)!;
        facts.GpuName.ShouldBeNull();
        facts.MemoryTotal.ShouldNotBeNull();

        async Task WriteProgramAsync(string body)
        {
            await File.WriteAllTextAsync(folder.File("nvidia-smi"), $"#!/bin/sh\n{body}\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder.File("nvidia-smi"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }
}
