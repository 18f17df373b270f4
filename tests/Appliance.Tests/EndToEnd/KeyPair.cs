using System.Diagnostics;
using Appliance.TestKit.Sshd;
using Appliance.TestKit.Time;

namespace Appliance.Tests.EndToEnd;

/// <summary>
/// The appliance's key, made and let in before it starts: one that is refused at its first look asks again only after minutes, because repeated refusals get
/// an address banned.
/// </summary>
internal static class KeyPair
{
    public static async Task LetInAsync(string path, SshdFixture sshd)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var keygen = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "appliance", "-f", path]);
            await keygen.WaitForExitAsync().DefaultTimeout();
        }

        sshd.Authorize(await File.ReadAllTextAsync(path + ".pub"));
    }
}
