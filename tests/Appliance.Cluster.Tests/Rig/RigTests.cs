using Xunit;

namespace Appliance.Cluster.Tests.Rig;

/// <summary>Tests that each begin with a rig of their own, whose disks and lanes have been looked at: <see cref="Qwen"/> serves on the main lane.</summary>
public abstract class RigTests : IAsyncLifetime
{
    private protected const string Gemma = "google/gemma-4-26B-A4B-it";
    private protected const string Oss = "openai/gpt-oss-120b";
    private protected const string Qwen = "RedHatAI/Qwen3.6-35B-A3B-NVFP4";

    private protected ClusterRig _rig = null!;

    public virtual async Task InitializeAsync()
    {
        _rig = await ClusterRig.StartAsync();
        await _rig.WhenReadyAsync();
    }

    public virtual async Task DisposeAsync() => await _rig.DisposeAsync();
}
