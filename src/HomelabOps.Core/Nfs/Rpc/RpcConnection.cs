using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Core.Nfs.Rpc;

/// <summary>ONC RPC version 2 over TCP (RFC 5531): one call at a time, each with a limit of time.</summary>
internal sealed class RpcConnection : IDisposable
{
    private const uint LastFragment = 0x8000_0000;
    private const int MessageLimit = 4 << 20;
    private const uint Call = 0;
    private const uint Reply = 1;
    private const uint RpcVersion = 2;
    private const uint Accepted = 0;
    private const uint AuthNone = 0;
    private const uint AuthSys = 1;
    private const int AuthLimit = 400;
    private const uint Nobody = 65534;

    private readonly NetworkStream _stream;
    private readonly TimeSpan _timeout;
    private uint _call = (uint)Random.Shared.Next();

    private RpcConnection(Socket socket, TimeSpan timeout) => (_stream, _timeout) = (new NetworkStream(socket, ownsSocket: true), timeout);

    /// <summary>Connects.</summary>
    /// <exception cref="RpcException">Unreachable or Silent.</exception>
    public static async Task<RpcConnection> OpenAsync(IPAddress address, int port, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
            return new(socket, timeout);
        }
        catch (Exception error)
        {
            socket.Dispose();
            throw error switch
            {
                SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new RpcException(Errors.Text("Detail_RpcRefused", port), RpcFailure.Unreachable, error),
                SocketException => new RpcException(Errors.Text("Detail_RpcUnreachable", port, error.Message), RpcFailure.Unreachable, error),
                OperationCanceledException when !cancellationToken.IsCancellationRequested => new RpcException(Errors.Text("Detail_RpcNoConnection", port, timeout.TotalSeconds), RpcFailure.Silent, error),
                _ => error,
            };
        }
    }

    /// <summary>Calls a procedure.</summary>
    /// <param name="program">The program.</param>
    /// <param name="version">Its version.</param>
    /// <param name="procedure">The procedure; 0 does nothing, of any program.</param>
    /// <param name="arguments">Its arguments; null for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="asUser">As a user without rights, for what does not answer those who do not say who they are.</param>
    /// <returns>The results.</returns>
    /// <exception cref="RpcException">There are none.</exception>
    public async Task<XdrReader> CallAsync(uint program, uint version, uint procedure, XdrWriter? arguments, CancellationToken cancellationToken, bool asUser = false)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            var id = ++_call;
            await SendAsync([.. Header(id, program, version, procedure, asUser), .. arguments?.ToArray() ?? []], limit.Token);
            var reader = new XdrReader(await ReceiveAsync(limit.Token));
            return reader.UInt32() == id && reader.UInt32() == Reply ? Result(reader) : throw RpcException.Garbage();
        }
        catch (Exception error) when (error is IOException or SocketException or EndOfStreamException)
        {
            throw new RpcException(Errors.Text("Detail_RpcBroken"), RpcFailure.Garbage, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(Errors.Text("Detail_RpcSilent", _timeout.TotalSeconds), RpcFailure.Silent, error);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static byte[] Header(uint id, uint program, uint version, uint procedure, bool asUser)
    {
        var header = new XdrWriter().Write(id).Write(Call).Write(RpcVersion).Write(program).Write(version).Write(procedure);
        if (asUser)
        {
            header.Write(AuthSys).Write(new XdrWriter().Write(0).Write("homelabops").Write(Nobody).Write(Nobody).Write(0).ToArray());
        }
        else
        {
            header.Write(AuthNone).Write(0);
        }

        return header.Write(AuthNone).Write(0).ToArray();
    }

    private static XdrReader Result(XdrReader reader)
    {
        if (reader.UInt32() != Accepted)
        {
            throw new RpcException(Errors.Text("Detail_RpcDenied"), RpcFailure.Refused);
        }

        reader.UInt32();
        reader.Opaque(AuthLimit);
        return reader.UInt32() switch
        {
            0 => reader,
            1 => throw new RpcException(Errors.Text("Detail_RpcNoProgram"), RpcFailure.Unavailable),
            2 => throw new RpcException(Errors.Text("Detail_RpcNoVersion"), RpcFailure.Unavailable) { Versions = (reader.UInt32(), reader.UInt32()) },
            3 => throw new RpcException(Errors.Text("Detail_RpcNoProcedure"), RpcFailure.Unavailable),
            4 or 5 => throw new RpcException(Errors.Text("Detail_RpcDenied"), RpcFailure.Refused),
            _ => throw RpcException.Garbage(),
        };
    }

    private async Task SendAsync(byte[] message, CancellationToken cancellationToken)
    {
        var record = new byte[sizeof(uint) + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(record, LastFragment | (uint)message.Length);
        message.CopyTo(record, sizeof(uint));
        await _stream.WriteAsync(record, cancellationToken);
    }

    // A message may come in fragments; the first bit of a length marks the last one.
    private async Task<byte[]> ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = new List<byte>();
        var mark = new byte[sizeof(uint)];
        for (var isLast = false; !isLast;)
        {
            await _stream.ReadExactlyAsync(mark, cancellationToken);
            var length = BinaryPrimitives.ReadUInt32BigEndian(mark);
            isLast = (length & LastFragment) != 0;
            length &= ~LastFragment;
            if (length > MessageLimit - message.Count || (length == 0 && !isLast))
            {
                throw RpcException.Garbage();
            }

            var fragment = new byte[length];
            await _stream.ReadExactlyAsync(fragment, cancellationToken);
            message.AddRange(fragment);
        }

        return [.. message];
    }
}
