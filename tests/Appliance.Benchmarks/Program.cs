using System.Runtime.InteropServices;
using Appliance.Benchmarks;
using Appliance.Benchmarks.Servers;

if (args is ["serve", var what, .. var upstream])
{
    await ServedHere.RunAsync(what, upstream is [var address] ? new Uri(address) : null);
    return 0;
}

if (args is not [var appliance, .. var wanted] || !File.Exists(appliance))
{
    Console.Error.WriteLine("usage: Appliance.Benchmarks PATH-OF-PUBLISHED-Appliance.dll [start] [swaps] [gateway] [streams] [failures] [uploads] (see `make bench`)");
    return 2;
}

Console.WriteLine($"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}\n");
appliance = Path.GetFullPath(appliance);
(string Name, Func<TextWriter, Task> Write)[] benchmarks =
[
    ("start", output => StartBenchmark.WriteAsync(output, appliance)),
    ("swaps", output => SwapBenchmark.WriteAsync(output, appliance)),
    ("gateway", GatewayBenchmark.WriteAsync),
    ("streams", StreamBenchmark.WriteAsync),
    ("failures", FailureBenchmark.WriteAsync),
    ("uploads", UploadBenchmark.WriteAsync),
];
foreach (var (name, write) in benchmarks.Where(benchmark => wanted.Length == 0 || wanted.Contains(benchmark.Name)))
{
    Console.WriteLine($"## {name}\n");
    await write(Console.Out);
    Console.WriteLine();
}

return 0;
