namespace Appliance.Cluster.Shell;

/// <summary>
/// A POSIX-sh script that ships with us (an embedded <c>.sh</c> resource, checked by shellcheck). The text never holds values:
/// they arrive as positional parameters. The simulated machines answer a script by its <see cref="Name"/>.
/// </summary>
/// <param name="Name">The file name without extension, for example <c>list-models</c>.</param>
/// <param name="Text">The script.</param>
public sealed record RemoteScript(string Name, string Text)
{
    /// <summary>
    /// Loads <c>{name}.sh</c>, embedded beside the type that owns it; throws <see cref="InvalidOperationException"/> when it was not embedded.
    /// </summary>
    public static RemoteScript Load(Type owner, string name)
    {
        using var stream = owner.Assembly.GetManifestResourceStream(owner, $"{name}.sh")
            ?? throw new InvalidOperationException($"{name}.sh is not embedded beside {owner.FullName}.");
        using var reader = new StreamReader(stream);
        return new RemoteScript(name, reader.ReadToEnd());
    }
}
