using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Tests.Engines;
using Appliance.Cluster.Topology;
using Appliance.TestKit.Files;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Topology;

public class ClusterFileTests
{
    private static readonly ClusterDefinition Basis = Home.Cluster with { Lanes = [Home.Main] };

    [Fact]
    public void A_second_lane_is_added_and_the_rest_stays()
    {
        var cluster = Good("lanes:\n  - id: small\n    name: Small helper\n    hosts: [spark-2]\n    port: 8002\n    container: vllm_small\n");

        cluster.Hosts.ShouldBe(Basis.Hosts);
        cluster.Lanes.Select(lane => lane.Id.Value).ShouldBe(["main", "small"]);
        (cluster.Lanes[1].Name, cluster.Lanes[1].Port, cluster.Lanes[1].Container).ShouldBe(("Small helper", 8002, "vllm_small"));
    }

    [Fact]
    public void A_known_id_changes_only_what_it_names()
    {
        var host = Good("hosts:\n  - id: spark-1\n    name: Upstairs\n    ssh_port: 2222\n").Hosts[0];

        (host.Name, host.Port, host.Address, host.User).ShouldBe(("Upstairs", 2222, "192.0.2.11", "spark"));
    }

    [Fact]
    public void A_service_is_added_and_taken_away()
    {
        const string Added = "services:\n  - id: faces\n    kind: bot\n    host: spark-1\n    container: faces\n";
        var cluster = Good(Added);

        cluster.Services.ShouldHaveSingleItem().Kind.ShouldBe(ServiceKind.Bot);
        ClusterFile.Read(GuardedYaml.Read("services:\n  - id: faces\n    remove: yes\n"), cluster).Definition!.Services.ShouldBeEmpty();
    }

    [Fact]
    public void A_whole_cluster_can_stand_in_the_file()
    {
        var cluster = ClusterFile.Read(
            GuardedYaml.Read("hosts:\n  - { id: alpha, address: 192.0.2.21, user: alice }\nlanes:\n  - { id: main, hosts: [alpha] }\n"), ClusterDefinition.Empty).Definition.ShouldNotBeNull();

        cluster.Lanes.Single().Head.ShouldBe(HostId.Parse("alpha"));
        cluster.Hosts.Single().Name.ShouldBe("alpha");
    }

    [Fact]
    public void A_machine_that_is_only_watched_needs_no_login()
    {
        var host = Good("hosts:\n  - id: mac\n    address: 192.0.2.30\n    ssh: no\n").Hosts.Single(host => host.Id == HostId.Parse("mac"));

        host.IsOnlyWatched.ShouldBeTrue();
        host.User.ShouldBeEmpty();
        Good("hosts:\n  - id: spark-1\n    ssh: no\n").Hosts[0].IsOnlyWatched.ShouldBeTrue();
    }

    [Fact]
    public void A_fixed_alias_stands_for_a_port()
    {
        Good("aliases:\n  Jerry-XL: 8100\n  utility-b: 8109\n").Aliases.ShouldBe([new PortAlias("jerry-xl", 8100), new PortAlias("utility-b", 8109)]);
    }

    [Theory]
    [InlineData("aliases:\n  fast: 81o0", "'fast' must stand for a port")]
    [InlineData("aliases:\n  fast: [8100]", "'fast' must be a plain text")]
    [InlineData("aliases:\n  a/b: 8100", "'a/b' cannot be an alias")]
    [InlineData("aliases:\n  chat: 8100", "'chat' has a meaning of its own")]
    [InlineData("aliases:\n  fast: 8100\n  FAST: 8101", "second time")]
    [InlineData("hosts:\n  - id: alpha\n    address: 192.0.2.9\n    user: alice\n    ssh: maybe", "'ssh' must be yes or no")]
    [InlineData("hosts:\n  - id: alpha\n    address: 192.0.2.9", "'user' is missing")]
    [InlineData("hosts:\n  - id: alpha\n    user: alice", "'address' is missing")]
    [InlineData("hosts:\n  - id: alpha\n    address: -oProxyCommand=x\n    user: alice", "'address' must be")]
    [InlineData("hosts:\n  - id: alpha\n    address: 192.0.2.9\n    user: '-l root'", "'user' must be")]
    [InlineData("hosts:\n  - id: Alpha", "'id' must be")]
    [InlineData("hosts:\n  - id: spark-1\n  - id: spark-1", "second time")]
    [InlineData("hosts:\n  - id: spark-1\n    ssh_port: 010", "'ssh_port' must be")]
    [InlineData("hosts:\n  - id: spark-1\n    launch_dir: a/../b", "'launch_dir' must be")]
    [InlineData("hosts:\n  - id: spark-1\n    adress: x", "'adress' is not known here")]
    [InlineData("hosts:\n  - id: spark-1\n    remove: maybe", "yes or no")]
    [InlineData("hosts:\n  - id: spark-2\n    remove: yes", "names the machine 'spark-2', which is not defined")]
    [InlineData("hosts:\n  - id: spark-2\n    address: 192.0.2.11", "have the same address")]
    [InlineData("lanes:\n  - id: small", "'hosts' is missing")]
    [InlineData("lanes:\n  - id: small\n    hosts: [spark-9]\n    container: b", "which is not defined")]
    [InlineData("lanes:\n  - id: small\n    hosts: [spark-1]\n    container: b", "Port 8888 on 'spark-1' is used by")]
    [InlineData("lanes:\n  - id: small\n    hosts: [spark-2]\n    port: 8002", "share the container name 'vllm_node'")]
    [InlineData("services:\n  - id: x\n    host: spark-1", "'kind' must be one of")]
    [InlineData("services:\n  - id: x\n    kind: bot", "'host' must be")]
    [InlineData("services:\n  - id: x\n    kind: bot\n    host: spark-1\n    health_path: http://evil/", "'health_path' must be")]
    [InlineData("machines: []", "'machines' is not known here")]
    [InlineData("- a", "must begin with")]
    [InlineData("hosts: [", "not YAML")]
    public void A_bad_file_is_refused_with_words_and_nothing_of_it_is_taken(string text, string expected)
    {
        var reading = ClusterFile.Read(GuardedYaml.Read(text), Basis);

        reading.Definition.ShouldBeNull();
        reading.Problems.ShouldContain(problem => problem.Contains(expected), string.Join('\n', reading.Problems));
    }

    [Fact]
    public void A_bad_file_leaves_what_the_settings_describe_and_says_why()
    {
        using var folder = new TemporaryFolder();
        var settings = new FixedSettings().With(TopologySettings.FirstHost, "192.0.2.11").With(TopologySettings.User, "spark");
        File.WriteAllText(folder.File("cluster.yaml"), "hosts:\n  - id: spark-1\n    nmae: x\n");

        var topology = ConfiguredTopology.Load(settings.Current, new DataDirectory(folder.Path));

        topology.Current.Hosts.ShouldHaveSingleItem().Name.ShouldBe("Spark 1");
        topology.Problems.ShouldHaveSingleItem().ShouldStartWith("cluster.yaml: Line 3, column 5: 'nmae' is not known here");
    }

    [Fact]
    public void Settings_that_do_not_go_together_leave_an_empty_cluster_that_says_why()
    {
        using var folder = new TemporaryFolder();

        var topology = ConfiguredTopology.Load(new FixedSettings().With(TopologySettings.FirstHost, "192.0.2.11").Current, new DataDirectory(folder.Path));

        topology.Current.Hosts.ShouldBeEmpty();
        topology.Problems.ShouldHaveSingleItem().ShouldStartWith("SSH_USER is needed");
    }

    private static ClusterDefinition Good(string text)
    {
        var reading = ClusterFile.Read(GuardedYaml.Read(text), Basis);
        reading.Problems.ShouldBeEmpty();
        return reading.Definition.ShouldNotBeNull();
    }
}
