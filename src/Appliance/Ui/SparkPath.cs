using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Appliance.Ui;

/// <summary>A line through readings, in a box of 300 by 44.</summary>
internal sealed record SparkPath(ImmutableArray<SparkPath.Piece> Pieces, double Low, double High)
{
    private const double Width = 300;
    private const double Height = 44;
    private const double Top = 4;

    /// <summary>A stretch without gaps.</summary>
    internal sealed record Piece(string Line, string Area);

    /// <summary>Null when there is nothing to draw a line through.</summary>
    public static SparkPath? Of(ImmutableArray<double?> values)
    {
        var known = values.Where(value => value is not null).Select(value => value!.Value).ToArray();
        if (known.Length < 2)
        {
            return null;
        }

        var scale = Math.Max(known.Max(), 1);
        var step = Width / (values.Length - 1);
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var points = new List<(double X, double Y)>();
        for (var i = 0; i <= values.Length; i++)
        {
            if (i < values.Length && values[i] is { } value)
            {
                points.Add((i * step, Height - (Math.Max(value, 0) / scale * (Height - Top))));
                continue;
            }

            if (points.Count > 1)
            {
                pieces.Add(Draw(points));
            }

            points.Clear();
        }

        return pieces.Count == 0 ? null : new SparkPath(pieces.ToImmutable(), known.Min(), known.Max());
    }

    private static Piece Draw(List<(double X, double Y)> points)
    {
        var line = new StringBuilder();
        foreach (var (x, y) in points)
        {
            line.Append(line.Length == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{x:0.#} {y:0.#}");
        }

        var area = string.Create(CultureInfo.InvariantCulture, $"{line}L{points[^1].X:0.#} {Height}L{points[0].X:0.#} {Height}z");
        return new Piece(line.ToString(), area);
    }
}
