using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.TestKit.Files;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Topology;

public class SettingsTopologyTests
{
    [Fact]
    public void Two_sparks_become_the_usual_home()
    {
        var cluster = Good(("SPARK1_HOST", "192.0.2.11"), ("SPARK2_HOST", "spark-two.lan"), ("SSH_USER", "spark"), ("MATRIX_BRIDGE_USER", "matrix-bridge"));

        cluster.Hosts.Select(host => (host.Id.Value, host.Name, host.Address, host.User, host.Port)).ShouldBe(
            [("spark-1", "Spark 1", "192.0.2.11", "spark", 22), ("spark-2", "Spark 2", "spark-two.lan", "spark", 22)]);
        var lane = cluster.Lanes.ShouldHaveSingleItem();
        (lane.Id, lane.Port, lane.Container, lane.Image).ShouldBe((LaneId.Main, 8888, "vllm_node", null));
        lane.Hosts.Length.ShouldBe(2);
        cluster.Services.Select(service => $"{service.Id}:{service.Port}").ShouldBe(["asr:8000", "tts:8880", "embeddings:8088", "qdrant:6333", "matrix-bridge:"]);
    }

    [Theory]
    [InlineData("SPARK1_HOST", "spark-1")]
    [InlineData("SPARK2_HOST", "spark-2")]
    public void One_spark_is_enough(string key, string id)
    {
        var cluster = Good((key, "192.0.2.11"), ("SSH_USER", "spark"));

        cluster.Hosts.ShouldHaveSingleItem().Id.Value.ShouldBe(id);
        cluster.Lanes.Single().Head.Value.ShouldBe(id);
        cluster.Services.ShouldAllBe(service => service.Host.Value == id);
    }

    [Fact]
    public void Without_keys_the_cluster_is_empty() => Good(("SPARK1_HOST", " "), ("SSH_USER", "")).Hosts.ShouldBeEmpty();

    [Fact]
    public void Disabled_services_have_no_tile() =>
        Good(("SPARK1_HOST", "192.0.2.11"), ("SSH_USER", "spark"), ("DISABLED_SERVICES", "tts, QDRANT")).Services.Select(service => service.Id.Value).ShouldBe(["asr", "embeddings"]);

    [Fact]
    public void Every_bad_key_is_named_at_once_with_a_good_example()
    {
        var reading = Start(
            ("SPARK1_HOST", "-oProxyCommand=x"), ("SPARK2_HOST", "a b"), ("SSH_PORT", "022"), ("VLLM_PORT", "0"), ("VLLM_CONTAINER", "--privileged"),
            ("VLLM_IMAGE", "-v"), ("LAUNCH_DIR", "../x"), ("HF_CACHE_DIR", "relative"), ("QDRANT_PORT", "65536"), ("DISABLED_SERVICES", "nothing"), ("SSH_USER", "Root User"));

        reading.Problems.Length.ShouldBe(11);
        foreach (var key in new[] { "SPARK1_HOST", "SPARK2_HOST", "SSH_PORT", "VLLM_PORT", "VLLM_CONTAINER", "VLLM_IMAGE", "LAUNCH_DIR", "HF_CACHE_DIR", "QDRANT_PORT", "DISABLED_SERVICES", "SSH_USER" })
        {
            reading.Problems.ShouldContain(problem => problem.StartsWith(key) && problem.Contains($"for example {key}="), key);
        }
    }

    [Fact]
    public void A_host_without_a_user_and_the_same_host_twice_are_told()
    {
        Start(("SPARK1_HOST", "192.0.2.11")).Problems.ShouldHaveSingleItem().ShouldStartWith("SSH_USER is needed");
        Start(("SPARK1_HOST", "192.0.2.11"), ("SPARK2_HOST", "192.0.2.11"), ("SSH_USER", "spark")).Problems.ShouldHaveSingleItem().ShouldStartWith("SPARK2_HOST names the same machine");
    }

    [Theory]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f000001")]
    [InlineData("3221225985")]
    [InlineData("::1")]
    [InlineData("-host")]
    [InlineData("host-")]
    [InlineData("user@host")]
    [InlineData("host:22")]
    [InlineData("host/..")]
    [InlineData("a..b")]
    [InlineData("häst")]
    [InlineData("host\n")]
    public void An_address_is_an_IPv4_literal_or_a_name(string address) => TopologyWords.IsAddress(address).ShouldBeFalse();

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("spark")]
    [InlineData("spark-1.local")]
    [InlineData("1st.example")]
    public void A_good_address_is_taken(string address) => TopologyWords.IsAddress(address).ShouldBeTrue();

    [Fact]
    public void Whatever_is_taken_could_not_be_an_option_or_a_second_word() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>(),
        text => text is null || (!TopologyWords.IsAddress(text) && !TopologyWords.IsUser(text) && !TopologyWords.IsContainer(text) && !TopologyWords.IsImage(text))
            || (text[0] != '-' && text.All(c => char.IsAscii(c) && !char.IsWhiteSpace(c) && !char.IsControl(c)))).QuickCheckThrowOnFailure();

    private static ClusterDefinition Good(params (string Key, string Value)[] keys)
    {
        var start = Start(keys);
        start.Problems.ShouldBeEmpty();
        var reading = SettingsTopology.Read(start.Values);
        reading.Problems.ShouldBeEmpty();
        return reading.Definition.ShouldNotBeNull();
    }

    private static SettingsStart Start(params (string Key, string Value)[] keys)
    {
        using var folder = new TemporaryFolder();
        return SettingsStart.Read(
            TopologySettings.All, [TopologySettings.Rule], keys.ToDictionary(pair => pair.Key, pair => (string?)pair.Value).GetValueOrDefault, new DataDirectory(folder.Path));
    }
}
