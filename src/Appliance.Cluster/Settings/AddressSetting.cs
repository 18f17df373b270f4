namespace Appliance.Cluster.Settings;

/// <summary>An absolute http or https address without user name, or not set. Whether it may be called is decided when it is called.</summary>
public sealed record AddressSetting : Setting<Uri?>
{
    /// <summary>A good value, for the sentence about a bad one.</summary>
    public required string Example { get; init; }

    /// <inheritdoc/>
    public override SettingKind Kind => SettingKind.Address;

    /// <inheritdoc/>
    public override string? DefaultText => Default?.AbsoluteUri;

    /// <inheritdoc/>
    public override string? FindProblem(string text) => Find(text) is null ? $"{Key} is an http or https address without a user name, for example {Key}={Example}." : null;

    /// <inheritdoc/>
    public override Uri Read(string text) => Find(text) ?? throw new FormatException(FindProblem(text));

    private static Uri? Find(string text) =>
        text.Length <= 2000 && Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", UserInfo: "" } ? address : null;
}
