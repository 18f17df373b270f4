using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.TestKit.Files;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Image;

/// <summary>The container as people run it: built from the Dockerfile, read-only, without capabilities.</summary>
[Trait("Needs", "docker")]
public sealed class ContainerImageTests(ApplianceImage image) : IClassFixture<ApplianceImage>
{
    [Fact]
    public async Task Container_without_rights_becomes_healthy_as_user_1654()
    {
        using var container = await image.RunAsync();

        await container.BecomesHealthyAsync();

        (await container.ExecAsync("id", "-u")).Succeeded().ShouldBe("1654");
        (await container.ExecAsync("id", "-g")).Succeeded().ShouldBe("1654");
    }

    [Fact]
    public async Task Page_and_its_script_are_served_on_the_published_port()
    {
        using var container = await image.RunAsync();
        await container.BecomesHealthyAsync();

        using var page = await container.Http.GetAsync("/");
        using var script = await container.Http.GetAsync("/_framework/blazor.web.js");

        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        script.StatusCode.ShouldBe(HttpStatusCode.OK);
        script.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        (await script.Content.ReadAsByteArrayAsync()).Length.ShouldBeGreaterThan(100_000);
    }

    [Fact]
    public async Task Ssh_works_for_the_user_of_the_container()
    {
        using var container = await image.RunAsync();

        var version = await container.ExecAsync("ssh", "-V");
        // The key generator looks the user up by number, which fails for a number without a name.
        var key = await container.ExecAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/tmp/key");

        version.Errors.ShouldStartWith("OpenSSH_");
        key.ExitCode.ShouldBe(0, key.All);
    }

    [Fact]
    public async Task Unwritable_data_folder_is_named_in_one_sentence_and_ends_the_start()
    {
        using var folder = new TemporaryFolder();

        var result = await image.RunToEndAsync("--volume", $"{folder.Path}:/data:ro");

        result.ExitCode.ShouldNotBe(0);
        var lines = result.All.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldHaveSingleItem().ShouldContain("/data");
    }

    [Fact]
    public async Task Data_folder_of_another_user_is_named_in_one_sentence_and_ends_the_start()
    {
        // Made by this test's user with mode 0700: user 1654 may not even look inside.
        using var folder = new TemporaryFolder();

        var result = await image.RunToEndAsync("--volume", $"{folder.Path}:/data");

        result.ExitCode.ShouldNotBe(0);
        var lines = result.All.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldHaveSingleItem().ShouldContain("/data");
    }

    [Fact]
    public async Task Stop_signal_ends_the_container_cleanly_within_seconds()
    {
        using var container = await image.RunAsync();
        await container.BecomesHealthyAsync();

        var started = TimeProvider.System.GetTimestamp();
        (await container.StopAsync()).Succeeded();

        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await container.InspectAsync("{{.State.ExitCode}}")).ShouldBe("0");
    }

    [Fact]
    public async Task Swap_through_the_published_port_ends_with_the_new_model_answering()
    {
        using var container = await image.RunAsync();
        await container.BecomesHealthyAsync();
        var model = await FindReadyModelAsync(container.Http);

        using var swap = await container.Http.PostAsJsonAsync("/api/swap", new { model, wait_seconds = 150 });
        var job = await swap.Content.ReadFromJsonAsync<JsonElement>();
        using var chat = await container.Http.PostAsJsonAsync("/v1/chat/completions", new
        {
            model,
            messages = new[] { new { role = "user", content = "Who are you?" } },
        });
        var answer = await chat.Content.ReadFromJsonAsync<JsonElement>();

        swap.StatusCode.ShouldBe(HttpStatusCode.OK, job.ToString());
        job.GetProperty("state").GetString().ShouldBe("live", job.ToString());
        chat.StatusCode.ShouldBe(HttpStatusCode.OK, answer.ToString());
        chat.Headers.GetValues("x-served-by").ShouldBe([model]);
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Compose_file_runs_the_image_and_binds_to_loopback_only()
    {
        var project = $"appliance-test-{Guid.NewGuid():N}";
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["APPLIANCE_TAG"] = "test",
            ["APPLIANCE_PORT"] = "0",
            ["DEMO"] = "1",
        };
        Task<CommandResult> ComposeAsync(params string[] arguments) =>
            image.Daemon.RunAsync("docker-compose", TimeSpan.FromMinutes(2), settings, ["--project-name", project, .. arguments]);

        try
        {
            (await ComposeAsync("up", "--detach", "--no-build")).Succeeded();
            var id = (await ComposeAsync("ps", "--quiet", "appliance")).Succeeded();
            var bound = (await image.DockerAsync("port", id, "9999/tcp")).Succeeded();
            using var container = new RunningContainer(image, id, new Uri($"http://{bound}/"));
            await WaitUntilServedAsync(container.Http);

            bound.ShouldStartWith("127.0.0.1:");
            (await container.InspectAsync("{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}")).ShouldBe("true [ALL]");
        }
        finally
        {
            await ComposeAsync("down", "--volumes");
        }
    }

    private static async Task<string> FindReadyModelAsync(HttpClient http)
    {
        // The menu is there as soon as the disks were read once, which is shortly after the start.
        for (var attempt = 0; ; attempt++)
        {
            var menu = await http.GetFromJsonAsync<JsonElement>("/api/models");
            var ready = menu.GetProperty("models").EnumerateArray()
                .Where(card => card.GetProperty("state").GetString() == "ready" && card.GetProperty("capabilities").EnumerateArray().Any(c => c.GetString() == "chat"))
                .Select(card => card.GetProperty("id").GetString())
                .FirstOrDefault();
            if (ready is not null)
            {
                return ready;
            }

            attempt.ShouldBeLessThan(100, menu.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task WaitUntilServedAsync(HttpClient http)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                (await http.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
                return;
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
