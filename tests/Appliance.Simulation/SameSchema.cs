using System.Runtime.CompilerServices;
using Dapper;

namespace Appliance.Simulation;

/// <summary>Every home has a file of its own with the same tables: Dapper need not learn each of them anew, which took most of the time.</summary>
internal sealed class SameSchema : IEqualityComparer<string>
{
    public bool Equals(string? x, string? y) => true;

    public int GetHashCode(string obj) => 0;

    [ModuleInitializer]
    internal static void Use() => SqlMapper.ConnectionStringComparer = new SameSchema();
}
