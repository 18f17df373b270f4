using System.Runtime.InteropServices;
using Appliance.Benchmarks;

if (args is not [var appliance] || !File.Exists(appliance))
{
    Console.Error.WriteLine("usage: Appliance.Benchmarks PATH-OF-PUBLISHED-Appliance.dll (see `make bench`)");
    return 2;
}

Console.WriteLine($"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}\n");
await StartBenchmark.WriteAsync(Console.Out, Path.GetFullPath(appliance));
Console.WriteLine();
await GatewayBenchmark.WriteAsync(Console.Out);
return 0;
