using System.Buffers.Binary;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>A quiet tone as 24 kHz, 16 bit, mono, little-endian samples: what Kokoro makes.</summary>
internal static class FakeTone
{
    private const int SampleRate = 24_000;
    private const double Hertz = 330;
    private const double Loudness = 0.15;

    public static byte[] Make(TimeSpan length)
    {
        var count = (int)(length.TotalSeconds * SampleRate);
        var bytes = new byte[count * 2];
        for (var i = 0; i < count; i++)
        {
            var value = (short)(Math.Sin(2 * Math.PI * Hertz * i / SampleRate) * Loudness * short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * 2), value);
        }

        return bytes;
    }

    /// <summary>The same samples behind a RIFF header.</summary>
    public static byte[] ToWave(byte[] samples)
    {
        var wave = new byte[44 + samples.Length];
        "RIFF"u8.CopyTo(wave);
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(4), 36 + samples.Length);
        "WAVEfmt "u8.CopyTo(wave.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wave.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wave.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(24), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(28), SampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(wave.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wave.AsSpan(34), 16);
        "data"u8.CopyTo(wave.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(40), samples.Length);
        samples.CopyTo(wave, 44);
        return wave;
    }
}
