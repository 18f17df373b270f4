using Appliance.Health;
using Appliance.Hosting;
using Appliance.Logging;

try
{
    var secrets = Secrets.OfEnvironment(Environment.GetEnvironmentVariables());
    var options = EnvironmentOptions.Read(Environment.GetEnvironmentVariable, secrets);
    if (args.Contains("--healthcheck"))
    {
        return await SelfCheck.RunAsync(options, Console.Error, CancellationToken.None);
    }

    // Only where the process is ours alone: a program that starts several appliances has memory of its own to think of.
    await using var appliance = await ApplianceHost.StartAsync(options, CancellationToken.None, services => services.AddHostedService<StartLeftovers>());
    await appliance.WaitForShutdownAsync(CancellationToken.None);
    return appliance.ExitCode;
}
catch (StartRefusedException refused)
{
    foreach (var sentence in refused.Sentences)
    {
        await Console.Error.WriteLineAsync($"Appliance cannot start. {sentence}");
    }

    return 1;
}
