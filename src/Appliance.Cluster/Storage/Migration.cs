using System.Collections.Immutable;
using System.Globalization;

namespace Appliance.Cluster.Storage;

/// <summary>One step of the schema, applied in one transaction.</summary>
/// <param name="Number">Its place, from 1 without gaps; the file's <c>user_version</c> afterwards.</param>
/// <param name="Name">The file name.</param>
/// <param name="Sql">The statements.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    private const string Prefix = "Appliance.Cluster.Storage.Migrations.";

    /// <summary>The embedded steps, in order.</summary>
    public static ImmutableArray<Migration> Embedded { get; } = Load();

    private static ImmutableArray<Migration> Load()
    {
        var assembly = typeof(Migration).Assembly;
        ImmutableArray<Migration> migrations =
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(name => Read(assembly, name))
                .OrderBy(migration => migration.Number),
        ];
        for (var i = 0; i < migrations.Length; i++)
        {
            if (migrations[i].Number != i + 1)
            {
                // A step that is slipped in later would never run on files that have passed its number.
                throw new InvalidOperationException($"Migration {migrations[i].Name} breaks the row: number {i + 1} is expected there.");
            }
        }

        return migrations;
    }

    private static Migration Read(System.Reflection.Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var name = resource[Prefix.Length..];
        return new Migration(int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }
}
