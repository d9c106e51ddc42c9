using System.Diagnostics;
using System.Management.Automation;

namespace HomelabOps.Cluster.Tests;

/// <summary>A script that runs beside the test, such as one that watches.</summary>
internal sealed class Background : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly PowerShell _shell;
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly Queue<PSObject> _unseen = new();

    public Background(PowerShell shell)
    {
        _shell = shell;
        _ = shell.BeginInvoke<PSObject, PSObject>(null, _output);
    }

    /// <summary>Waits for the first record that is as wanted, past those that were passed over before.</summary>
    public PSObject WaitFor(string property, string value)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            foreach (var record in _output.ReadAll())
            {
                _unseen.Enqueue(record);
            }

            while (_unseen.TryDequeue(out var record))
            {
                if (record.Properties[property]?.Value?.ToString() == value)
                {
                    return record;
                }
            }

            // Its enumerator would wait for more errors to come.
            if (_shell.Streams.Error.Count > 0)
            {
                Assert.Fail(_shell.Streams.Error[0].ToString());
            }

            Thread.Sleep(50);
        }

        throw new TimeoutException($"No record with {property} = {value} came within {Patience.TotalSeconds} s.");
    }

    public void Dispose()
    {
        _shell.Stop();
        _shell.Dispose();
        _output.Dispose();
    }
}
