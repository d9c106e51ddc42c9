using HomelabOps.Bench;
using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Rows;

if (args is [BareHost.Option, var script])
{
    return BareHost.Run(script);
}

try
{
    await Session.RunAsync(CommandLine.Parse(args));
    return 0;
}
catch (Exception error) when (error is BenchException or HttpRequestException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
