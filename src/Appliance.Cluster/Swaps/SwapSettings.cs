using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Swaps;

/// <summary>What the owner can set about changing models.</summary>
public static class SwapSettings
{
    private const string Section = "Changing models";

    /// <summary>How long running answers may go on before the old model stops.</summary>
    public static NumberSetting DrainSeconds { get; } = new()
    {
        Key = "DRAIN_SECONDS",
        Title = "Time for running answers to finish",
        Help = "Before a model is stopped, answers that are under way get so many seconds to finish. What still runs then is cut, and its program is told. 0 cuts at once.",
        Section = Section,
        Default = 60,
        Least = 0,
        Most = 600,
    };

    /// <summary>The model that comes back to the main lane when nobody uses it; null for none.</summary>
    public static TextSetting HomeModel { get; } = new()
    {
        Key = "HOME_MODEL",
        Title = "Home model",
        Help = "When the main lane was not used for a while, this model comes back by itself. Its id, its repo or the name it answers to; empty for none.",
        Section = Section,
        Default = null,
        Example = "RedHatAI/Qwen3.6-35B-A3B-NVFP4",
    };

    /// <summary>How long nobody may use the main lane before the home model comes back.</summary>
    public static NumberSetting HomeAfterMinutes { get; } = new()
    {
        Key = "HOME_AFTER_MINUTES",
        Title = "Home model comes back after",
        Help = "So many minutes without a request, a reservation or a change. A reservation is never interrupted, and a lane that was stopped on purpose stays stopped.",
        Section = Section,
        Default = 30,
        Least = 1,
        Most = 1440,
    };

    /// <summary>How long a model that came up stays at least while changes to other models wait.</summary>
    public static NumberSetting StaySeconds { get; } = new()
    {
        Key = "QUEUE_STAY_SECONDS",
        Title = "Shortest stay of a model",
        Help = "A model that came up stays at least so many seconds before a waiting change to another model begins. Wishes for it that wait are fulfilled meanwhile, so that programs with different models do not swap all the time.",
        Section = Section,
        Default = 30,
        Least = 0,
        Most = 3600,
    };
}
