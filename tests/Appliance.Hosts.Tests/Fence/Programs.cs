using System.Collections.Immutable;

namespace Appliance.Hosts.Tests.Fence;

/// <summary>A PATH on which a program is missing.</summary>
internal static class Programs
{
    /// <summary>Links everything but one program into a folder below <paramref name="home"/>; what the login's PATH is to be.</summary>
    public static ImmutableDictionary<string, string> Without(string home, string missing)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, $"programs-without-{missing}")).FullName;
        foreach (var program in new[] { "/usr/bin", "/bin" }.SelectMany(Directory.GetFiles))
        {
            var link = Path.Combine(folder, Path.GetFileName(program));
            if (Path.GetFileName(program) != missing && !File.Exists(link))
            {
                File.CreateSymbolicLink(link, program);
            }
        }

        return ImmutableDictionary<string, string>.Empty.Add("PATH", folder);
    }
}
