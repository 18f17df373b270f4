using Appliance.Cluster.Storage;
using Appliance.Demo;
using Appliance.Health;
using Appliance.Hosting;
using Appliance.Hosts.Ssh;
using Appliance.Logging;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Appliance.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Hosting;

/// <summary>What a person sees who starts it wrongly: every mistake at once, a sentence each, no stack trace.</summary>
[Collection(ApplianceTests.Name)]
public sealed class StartTests(ApplianceRun appliance) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_bad_keys_are_told_at_once()
    {
        var refused = Should.Throw<StartRefusedException>(() => Read(
            ("PORT", "x"), ("DEMO", "what"), ("ALLOWED_HOSTS", "*"), ("SSH_TRUST", "perhaps"), ("SSH_KEY_PATH", "key"), ("SPARK1_HOST", "-oProxyCommand=x"), ("VLLM_PORT", "0"), ("TZ", "Mars/Base"),
            ("SPARK2_HOST", "192.0.2.12")));

        foreach (var key in new[] { "PORT", "DEMO", "ALLOWED_HOSTS", "SSH_TRUST", "SSH_KEY_PATH", "SPARK1_HOST", "VLLM_PORT", "SSH_USER", "TZ" })
        {
            refused.Sentences.ShouldContain(sentence => sentence.StartsWith($"{key} ", StringComparison.Ordinal), key);
        }
    }

    [Fact]
    public void Nothing_configured_is_the_demo_and_a_machine_is_not()
    {
        Read().Demo.ShouldNotBeNull();
        Read(("DEMO", "host-offline")).Demo!.Scenario.Name.ShouldBe("host-offline");
        Read(("DEMO", "0")).Demo.ShouldBeNull();
        Read(("SPARK1_HOST", "192.0.2.11"), ("SSH_USER", "spark")).Demo.ShouldBeNull();
        Read(("SPARK1_HOST", "192.0.2.11"), ("SSH_USER", "spark"), ("DEMO", "1")).Demo.ShouldNotBeNull();
        File.WriteAllText(_folder.File("cluster.yaml"), "");
        Read().Demo.ShouldBeNull();
    }

    [Fact]
    public void Settings_file_wins_over_the_environment_and_a_bad_one_does_not_hinder_the_start()
    {
        File.WriteAllText(_folder.File("app_settings.json"), """{"spark1_host": "192.0.2.21", "ssh_user": "bob", "ssh_trust": "first"}""");

        var options = Read(("SPARK1_HOST", "192.0.2.11"), ("SPARK2_HOST", "192.0.2.12"), ("SSH_USER", "alice"));

        options.Demo.ShouldBeNull();
        options.SshTrust.ShouldBe(SshTrust.First);
        options.Topology!.Current.Hosts.Select(host => (host.Address, host.User)).ShouldBe([("192.0.2.21", "bob"), ("192.0.2.12", "bob")]);

        File.WriteAllText(_folder.File("app_settings.json"), """{"spark1_host": "192.0.2.12"}""");
        Read(("SPARK1_HOST", "192.0.2.11"), ("SPARK2_HOST", "192.0.2.12"), ("SSH_USER", "alice")).Topology!.Current.Hosts[0].Address.ShouldBe("192.0.2.11");
    }

    [Fact]
    public void Port_and_addresses_are_taken_from_the_environment()
    {
        Read().Urls.ShouldBe(["http://*:9999"]);
        Read(("PORT", "8080")).Urls.ShouldBe(["http://*:8080"]);
        Read(("PORT", "8080"), ("ASPNETCORE_URLS", "http://127.0.0.1:5000;http://[::1]:5000")).Urls.ShouldBe(["http://127.0.0.1:5000", "http://[::1]:5000"]);
        Should.Throw<StartRefusedException>(() => Read(("ASPNETCORE_URLS", "https://*:5000")));
        SelfCheck.LoopbackOf("http://*:8080").ShouldBe(new Uri("http://127.0.0.1:8080/"));
        SelfCheck.LoopbackOf("http://[::]:8080").ShouldBe(new Uri("http://127.0.0.1:8080/"));
    }

    [Fact]
    public async Task Taken_port_is_one_sentence()
    {
        var refused = await Should.ThrowAsync<StartRefusedException>(() => StartAsync(_folder.Path, appliance.Address.GetLeftPart(UriPartial.Authority)));

        refused.Sentences.Single().ShouldContain("already in use");
    }

    [Fact]
    public async Task Stopped_while_it_starts_it_ends_like_any_other_time()
    {
        var options = new ApplianceOptions { Data = new DataDirectory(_folder.Path), Urls = ["http://127.0.0.1:0"], Demo = new DemoOptions { Speed = 1000 }, LogsToConsole = false };

        await using var host = await ApplianceHost.StartAsync(options, CancellationToken.None, services => services.AddHostedService<StopsAtOnce>()).DefaultTimeout();

        await host.WaitForShutdownAsync(CancellationToken.None).DefaultTimeout();
        host.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Second_appliance_in_the_same_folder_is_one_sentence()
    {
        var refused = await Should.ThrowAsync<StartRefusedException>(() => StartAsync(appliance.DataDirectory, "http://127.0.0.1:0"));

        refused.Sentences.Single().ShouldContain("Another appliance");
    }

    [Fact]
    public async Task Folder_that_cannot_be_written_is_one_sentence()
    {
        var file = _folder.File("a-file");
        await File.WriteAllTextAsync(file, "");

        var refused = await Should.ThrowAsync<StartRefusedException>(() => StartAsync(Path.Combine(file, "data"), "http://127.0.0.1:0"));

        refused.Sentences.Single().ShouldStartWith("DATA_DIR ");
    }

    [Fact]
    public async Task Health_check_of_the_container_says_yes_and_no()
    {
        var errors = new StringWriter();
        var running = new ApplianceOptions { Data = new DataDirectory(_folder.Path), Urls = [appliance.Address.GetLeftPart(UriPartial.Authority)] };

        (await SelfCheck.RunAsync(running, errors, CancellationToken.None).DefaultTimeout()).ShouldBe(0);
        (await SelfCheck.RunAsync(running with { Urls = ["http://127.0.0.1:1"] }, errors, CancellationToken.None).DefaultTimeout()).ShouldBe(1);
        errors.ToString().ShouldContain("does not answer");
    }

    /// <summary>The SIGTERM of a container that is taken away in its first moments.</summary>
    private sealed class StopsAtOnce(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static Task<ApplianceHost> StartAsync(string data, string url) =>
        ApplianceHost.StartAsync(
            new ApplianceOptions { Data = new DataDirectory(data), Urls = [url], Demo = new DemoOptions { Speed = 1000 }, LogsToConsole = false }, CancellationToken.None).DefaultTimeout();

    private ApplianceOptions Read(params (string Key, string Value)[] keys)
    {
        var environment = keys.Append(("DATA_DIR", _folder.Path)).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
        return EnvironmentOptions.Read(key => environment.GetValueOrDefault(key), new Secrets([]));
    }
}
