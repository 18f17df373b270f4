namespace Appliance.Ui;

public static class Tones
{
    public static string ToCss(this Tone tone) => tone switch
    {
        Tone.Ok => "ok",
        Tone.Busy => "busy",
        Tone.Warm => "warm",
        Tone.Bad => "bad",
        Tone.Off => "off",
        _ => throw new ArgumentOutOfRangeException(nameof(tone), tone, null),
    };
}
