using System.Diagnostics;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Hosts.Ssh;
using Appliance.TestKit.Files;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Ssh;

public sealed class RemoteProgramTests
{
    [Fact]
    public void Program_that_was_cut_on_the_way_runs_nothing()
    {
        using var folder = new TemporaryFolder();
        var script = new RemoteScript("test", ": >\"$1\"\n: >\"$2\"");
        var whole = RemoteProgram.Create(ShellCommand.Of(script, folder.File("first"), folder.File("second"))).Input;
        var blockEnd = Array.LastIndexOf(whole, (byte)'}');

        for (var length = 0; length < blockEnd; length++)
        {
            RunLocally(whole[..length]);

            Directory.GetFiles(folder.Path).ShouldBeEmpty($"after {length} of {whole.Length} bytes");
        }

        RunLocally(whole);
        Directory.GetFiles(folder.Path).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    public void Program_name_that_a_shell_could_take_for_an_option_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => RemoteProgram.Create(ShellCommand.Of(name, "x")));

    [Fact]
    public void Command_without_a_program_is_refused() => Should.Throw<ArgumentException>(() => RemoteProgram.Create(ShellCommand.Of()));

    [Fact]
    public void Command_line_is_the_same_for_every_command_and_holds_nothing_to_quote() =>
        RemoteProgram.CommandLine.ShouldAllBe(c => char.IsAsciiLetter(c) || c == ' ' || c == '/' || c == '-');

    [Fact]
    public void Two_programs_have_different_markers()
    {
        var command = ShellCommand.Of("true") with { WorkingDirectory = RemotePath.Parse("~") };

        RemoteProgram.Create(command).Marker.ShouldNotBe(RemoteProgram.Create(command).Marker);
    }

    private static void RunLocally(byte[] input)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-s"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
    }
}
