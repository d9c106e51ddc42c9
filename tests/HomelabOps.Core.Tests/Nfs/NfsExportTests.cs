using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HomelabOps.Core.Nfs;
using HomelabOps.Core.Nfs.Rpc;

namespace HomelabOps.Core.Tests.Nfs;

/// <summary>Servers that are not there, say nothing, or say what makes no sense. What a real server says is tested elsewhere.</summary>
public sealed class NfsExportTests
{
    private const uint Nfs = 100003;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_told_at_once()
    {
        var status = await OneAsync(new() { Servers = ["127.0.0.1:/media"], PortmapperPort = Closed(), NfsPort = Closed(), Timeout = TimeSpan.FromSeconds(30) });
        Assert.Equal((false, false, "/media"), (status.Reachable, status.Healthy, status.Export));
        Assert.Contains("nobody listens", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_costs_the_limit_and_no_more()
    {
        using var silent = new RpcServer(_ => null);
        var clock = Stopwatch.StartNew();
        var status = await OneAsync(new() { Servers = ["127.0.0.1"], PortmapperPort = silent.Port, NfsPort = silent.Port, Timeout = Short });
        Assert.False(status.Reachable);
        Assert.Contains("no answer came within 1 s", status.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, Short, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]:/media")]
    public async Task A_server_of_version_4_needs_no_portmapper_and_tells_whether_a_path_is_there(string server)
    {
        using var nfs = new RpcServer(Version4, server == "127.0.0.1" ? IPAddress.Loopback : IPAddress.IPv6Loopback);
        var query = new NfsExportQuery { Servers = [server], PortmapperPort = Closed(), NfsPort = nfs.Port };
        var there = await OneAsync(query with { Exports = ["/media"] });
        Assert.Equal((true, true, true, ""), (there.Reachable, there.Exported, there.Healthy, there.Message));
        Assert.Equal(["4.0", "4.1"], there.Versions);
        Assert.NotNull(there.Latency);

        var missing = await LastAsync(query with { Exports = ["/none/below"] });
        Assert.Equal((true, false), (missing.Reachable, missing.Exported));
        Assert.Contains("does not export '/none/below'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_list_that_is_said_and_the_server_counts_as_reachable()
    {
        using var nfs = new RpcServer(Version4);
        var status = await OneAsync(new() { Servers = ["localhost"], PortmapperPort = Closed(), NfsPort = nfs.Port });
        Assert.Equal((true, "", false), (status.Reachable, status.Export, status.Healthy));
        Assert.Contains("nobody tells what is exported", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_portmapper_is_asked_in_the_old_way()
    {
        using var nfs = new RpcServer(Version4);
        using var old = new RpcServer(call => Number(call, 4) switch
        {
            3 => RpcServer.Reply(call, 2, 2, 2),
            _ => RpcServer.Reply(call, 0, 1, Nfs, 4, 17, 1, 1, Nfs, 4, 6, (uint)nfs.Port, 0),
        });
        Assert.True((await OneAsync(new() { Servers = ["127.0.0.1"], PortmapperPort = old.Port, NfsPort = Closed() })).Reachable);
    }

    [Fact]
    public async Task A_message_in_fragments_is_put_together()
    {
        using var nfs = new RpcServer(call =>
        {
            var whole = Version4(call)![4..];
            return [.. RpcServer.Word(5), .. whole[..5], .. RpcServer.Word(0x8000_0000 | (uint)(whole.Length - 5)), .. whole[5..]];
        });
        Assert.True((await OneAsync(new() { Servers = ["127.0.0.1"], PortmapperPort = Closed(), NfsPort = nfs.Port })).Reachable);
    }

    [Fact]
    public async Task Whatever_comes_is_an_answer_or_none_and_never_an_exception()
    {
        // Noise, answers that were cut or changed in one place, and marks of absurd lengths. The seed is always the same.
        var random = new Random(20260826);
        for (var round = 0; round < 300; round++)
        {
            using var noisy = new RpcServer(call => Distort(random, Version4(call)!));
            var statuses = await AllAsync(new() { Servers = ["127.0.0.1:/media"], PortmapperPort = noisy.Port, NfsPort = noisy.Port, Timeout = TimeSpan.FromMilliseconds(60) });
            Assert.All(statuses, status => Assert.Equal(status.Healthy, status.Message.Length == 0));
        }
    }

    [Theory]
    [InlineData("nas server")]
    [InlineData("[nas]:/media")]
    [InlineData(":/media")]
    [InlineData("-oProxyCommand=x")]
    public async Task What_is_no_server_is_refused(string server) =>
        Assert.Equal("NfsServerInvalid", (await Assert.ThrowsAsync<HomelabException>(() => OneAsync(new() { Servers = [server] }))).Id);

    [Fact]
    public async Task A_path_must_be_absolute() =>
        Assert.Equal("NfsPathNotAbsolute", (await Assert.ThrowsAsync<HomelabException>(() => OneAsync(new() { Servers = ["nas"], Exports = ["media"] }))).Id);

    [Fact]
    public async Task A_name_that_nobody_knows_is_told()
    {
        var status = await OneAsync(new() { Servers = ["no-such-host.invalid"], Timeout = Short });
        Assert.False(status.Reachable);
        Assert.Contains("'no-such-host.invalid'", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nas", "nas", null)]
    [InlineData("nas:/mnt/user/my media", "nas", "/mnt/user/my media")]
    [InlineData("[fd00::10]:/media", "fd00::10", "/media")]
    [InlineData("fd00::10", "fd00::10", null)]
    public void Sources_are_read_as_mount_reads_them(string text, string server, string? export)
    {
        var source = NfsSource.Parse(text)!;
        Assert.Equal((server, export), (source.Server, source.Export));
        Assert.Equal(source, NfsSource.Parse(source.ToString()));
    }

    // Speaks version 4.0 and 4.1, and has /media.
    private static byte[]? Version4(byte[] call)
    {
        var (program, version, procedure) = (Number(call, 3), Number(call, 4), Number(call, 5));
        if (program != Nfs)
        {
            return RpcServer.Reply(call, 1);
        }

        if (version != 4)
        {
            return RpcServer.Reply(call, 2, 4, 4);
        }

        if (procedure == 0)
        {
            return RpcServer.Reply(call, 0);
        }

        // Behind credentials and verifier: tag, minor version, number of operations.
        var at = 6 + 2 + (int)(Number(call, 7) / 4) + 2;
        var (minor, operations) = (Number(call, at + 1), Number(call, at + 2));
        var isThere = operations == 0 || call.AsSpan().IndexOf("media"u8) >= 0;
        return RpcServer.Reply(call, 0, minor > 1 ? 10021u : isThere ? 0u : 2u, 0, 0);
    }

    private static byte[] Distort(Random random, byte[] answer)
    {
        switch (random.Next(5))
        {
            case 0:
                var noise = new byte[random.Next(1, 200)];
                random.NextBytes(noise);
                return noise;
            case 1:
                return answer[..random.Next(answer.Length)];
            case 2:
                answer[random.Next(answer.Length)] ^= (byte)random.Next(1, 256);
                return answer;
            case 3:
                return [.. RpcServer.Word((uint)random.NextInt64(uint.MaxValue)), .. answer[4..]];
            default:
                return [.. answer, .. answer];
        }
    }

    private static uint Number(byte[] call, int word) => BinaryPrimitives.ReadUInt32BigEndian(call.AsSpan(word * 4));

    private static int Closed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<NfsExportStatus> OneAsync(NfsExportQuery query) => (await AllAsync(query))[0];

    private static async Task<NfsExportStatus> LastAsync(NfsExportQuery query) => (await AllAsync(query))[^1];

    private static async Task<List<NfsExportStatus>> AllAsync(NfsExportQuery query)
    {
        var all = new List<NfsExportStatus>();
        await foreach (var item in NfsExportReader.ReadAsync(query, TestContext.Current.CancellationToken))
        {
            all.Add(item.Value!);
        }

        return all;
    }
}
