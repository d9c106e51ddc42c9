using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>RSA keys, of which the first can be drawn ahead: that takes longer than all else that MetalLB does when it comes up.</summary>
internal sealed class KeySupply
{
    private const int Bits = 2048;

    private readonly ConcurrentQueue<Task<RSA>> _ahead = [];
    private int _prepared;

    /// <summary>Begins to draw keys, at the first call.</summary>
    public void Prepare(int count)
    {
        if (Interlocked.Exchange(ref _prepared, 1) == 0)
        {
            Enumerable.Range(0, count).ToList().ForEach(_ => _ahead.Enqueue(Task.Run(New)));
        }
    }

    /// <summary>A key that nobody else has; its user disposes of it.</summary>
    public RSA Take() => _ahead.TryDequeue(out var drawn) ? drawn.GetAwaiter().GetResult() : New();

    private static RSA New()
    {
        // It is only drawn when something asks for it.
        var key = RSA.Create(Bits);
        key.ExportParameters(includePrivateParameters: false);
        return key;
    }
}
