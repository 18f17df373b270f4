using Appliance.Cluster.Health;
using Appliance.Cluster.Shell;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Health;

public sealed class ContainerStateReaderTests
{
    private const string Running = """
        {"Status":"running","Running":true,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":4242,"ExitCode":0,"Error":"","StartedAt":"2026-11-20T05:00:00.123456789Z","FinishedAt":"0001-01-01T00:00:00Z"}
        """;

    [Fact]
    public void Running_container_is_read()
    {
        var state = Read(Running);

        state.Runs.ShouldBeTrue();
        state.IsCrash.ShouldBeFalse();
        state.Error.ShouldBeNull();
        state.FinishedAt.ShouldBeNull();
        state.StartedAt!.Value.ShouldBe(new DateTimeOffset(2026, 11, 20, 5, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("exited", 0, false, false)]
    [InlineData("exited", 143, false, false)]
    [InlineData("exited", 130, false, false)]
    [InlineData("exited", 137, false, false)]
    [InlineData("exited", 137, true, true)]
    [InlineData("exited", 1, false, true)]
    [InlineData("exited", 139, false, true)]
    [InlineData("restarting", 0, false, true)]
    [InlineData("dead", 0, false, true)]
    [InlineData("paused", 0, false, false)]
    [InlineData("created", 128, false, false)]
    public void End_by_itself_is_told_from_an_end_on_purpose(string status, int exitCode, bool outOfMemory, bool isCrash) =>
        Read($$"""{"Status":"{{status}}","OOMKilled":{{(outOfMemory ? "true" : "false")}},"ExitCode":{{exitCode}}}""").IsCrash.ShouldBe(isCrash);

    [Theory]
    [InlineData("""[{"Id":"ab","RestartCount":3,"State":{"Status":"restarting","ExitCode":1}}]""")]
    [InlineData("""{"RestartCount":3,"State":{"Status":"restarting","ExitCode":1}}""")]
    [InlineData("""{"Status":"restarting","ExitCode":1,"RestartCount":3}""")]
    public void Restart_count_is_found_in_the_state_and_beside_it(string text)
    {
        Read(text).RestartCount.ShouldBe(3);
        Read(text).ExitCode.ShouldBe(1);
    }

    [Fact]
    public void Complaint_of_docker_is_one_short_line_without_colours()
    {
        var state = Read("""{"Status":"exited","ExitCode":127,"Error":"\u001b[31mfailed to start\u001b[0m\nmore"}""");

        state.Error.ShouldBe("failed to start");
        state.Health.ShouldBeNull();
    }

    [Theory]
    [InlineData("Error response from daemon: No such container: qdrant\n")]
    [InlineData("Error: No such object: qdrant\n")]
    public void Missing_container_is_gone(string errors) =>
        ContainerStateReader.Read(new ShellOutcome.Completed(1, "\n", errors)).ShouldBeOfType<ContainerLook.Gone>();

    [Fact]
    public void Docker_that_does_not_work_is_unclear_with_its_words()
    {
        var look = ContainerStateReader.Read(new ShellOutcome.Completed(1, "", "permission denied while trying to connect to the docker API\n"));

        look.ShouldBeOfType<ContainerLook.Unclear>().Reason.ShouldBe("docker says: permission denied while trying to connect to the docker API");
        ContainerStateReader.Read(new ShellOutcome.Completed(127, "", "")).ShouldBeOfType<ContainerLook.Unclear>().Reason.ShouldContain("127");
    }

    [Fact]
    public void Host_that_cannot_be_asked_is_not_a_missing_container()
    {
        var fault = new HostFault(HostFaultKind.ConnectionLost, "The connection to Spark 1 broke.");

        ContainerStateReader.Read(new ShellOutcome.Unknown(fault)).ShouldBe(new ContainerLook.HostFailed(fault));
        ContainerStateReader.Read(new ShellOutcome.NotStarted(fault)).ShouldBe(new ContainerLook.HostFailed(fault));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Status":3}""")]
    [InlineData("""{"Status":"\ud800"}""")]
    [InlineData("""{"State":{"Running":true}}""")]
    [InlineData("not json")]
    public void Answer_that_is_not_understood_is_unclear(string text) =>
        ContainerStateReader.Read(new ShellOutcome.Completed(0, text, "")).ShouldBeOfType<ContainerLook.Unclear>();

    [Fact]
    public void Any_answer_is_accepted()
    {
        var broken = Gen.Choose(0, Running.Length - 1).SelectMany(at => Gen.Elements("", "\"", "{", "]", "\\u", "9", ":").Select(put => Running.Remove(at, 1).Insert(at, put)));
        Prop.ForAll(broken.ToArbitrary(), text => ContainerStateReader.Read(new ShellOutcome.Completed(0, text, text)) is not null).QuickCheckThrowOnFailure();
    }

    private static ContainerState Read(string text) =>
        ContainerStateReader.Read(new ShellOutcome.Completed(0, text, "")).ShouldBeOfType<ContainerLook.Seen>().State;
}
