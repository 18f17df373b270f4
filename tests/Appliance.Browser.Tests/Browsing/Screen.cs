namespace Appliance.Browser.Tests.Browsing;

/// <summary>What a visitor looks at, in CSS pixels.</summary>
public sealed record Screen(string Name, int Width, int Height, float Scale, bool IsPhone)
{
    public static Screen Desktop { get; } = new("desktop", 1280, 800, 1, IsPhone: false);

    public static Screen Phone { get; } = new("phone", 390, 844, 2, IsPhone: true);

    public static Screen Get(string name) => name == Phone.Name ? Phone : Desktop;
}
