namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>The applications that are known by the names of their images. Others can be added, before anything runs.</summary>
internal sealed class Applications
{
    private readonly Dictionary<string, ApplicationProfile> _known = new(StringComparer.Ordinal);

    public Applications()
    {
        foreach (var (name, port) in (ReadOnlySpan<(string, int)>)[("sonarr", 8989), ("radarr", 7878), ("lidarr", 8686), ("readarr", 8787), ("prowlarr", 9696)])
        {
            var title = char.ToUpperInvariant(name[0]) + name[1..];
            Add(name, new(title)
            {
                Ports = [port],
                Paths = ["/ping", "/login", "/api/v3/system/status", "/api/v3/health", "/api/v1/system/status"],
                Start =
                [
                    $"[Info] Bootstrap: Starting {title} - /app/bin/{title} - Version 4.0.14.2939",
                    "[Info] AppFolderInfo: Data directory is being overridden to [/config]",
                    "[Info] MigrationController: *** Migrating data source=/config/" + name + ".db;cache size=-20000;datetimekind=Utc;journal mode=Wal;pooling=True;version=3 ***",
                    $"[Info] Microsoft.Hosting.Lifetime: Now listening on: http://[::]:{port}",
                    "[Info] Microsoft.Hosting.Lifetime: Application started. Press Ctrl+C to shut down.",
                ],
                Ongoing = ["[Info] RssSyncService: Starting RSS Sync", "[Info] DownloadDecisionMaker: Processing 100 releases", "[Info] RssSyncService: RSS Sync Completed. Reports found: 100, Reports grabbed: 0"],
                Cpu = 15,
                Memory = 210,
            });
        }

        Add("plex", new("Plex Media Server") { Ports = [32400], Paths = ["/identity", "/web/index.html"], Start = ["Starting Plex Media Server."], Cpu = 60, Memory = 420 });
        Add("jellyfin", new("Jellyfin") { Ports = [8096], Paths = ["/health", "/web/", "/System/Info/Public"], Start = ["[INF] Main: Jellyfin version: 10.10.7", "[INF] Main: Startup complete 0:00:04.1"], Ongoing = ["[INF] Emby.Server.Implementations.ScheduledTasks.TaskManager: Chapter image extraction Completed after 0 minute(s) and 0 seconds"], Cpu = 45, Memory = 510 });
        Add("overseerr", new("Overseerr") { Ports = [5055], Paths = ["/api/v1/status", "/api/v1/settings/public"], Start = ["[info]: Starting Overseerr version 1.34.0", "[info]: Server ready on port 5055"], Ongoing = ["[debug][Jobs]: Starting scheduled job: Plex Recently Added Scan"], Memory = 190 });
        Add("qbittorrent", new("qBittorrent") { Ports = [8080, 6881], Paths = ["/api/v2/app/version"], Start = ["******** Information ********", "To control qBittorrent, access the WebUI at: http://localhost:8080"], Cpu = 30, Memory = 160 });
        Add("sabnzbd", new("SABnzbd") { Ports = [8080], Paths = ["/api", "/sabnzbd"], Start = ["INFO::[SABnzbd:1173] SABnzbd 4.4.1 started", "INFO::[SABnzbd:1302] Starting web-interface on :::8080"], Memory = 140 });
        Add("tautulli", new("Tautulli") { Ports = [8181], Paths = ["/status", "/home"], Start = ["- INFO :: MainThread : Starting Tautulli v2.15.1"], Memory = 120 });
        Add("bazarr", new("Bazarr") { Ports = [6767], Paths = ["/health", "/api/system/ping"], Start = ["- root (1): INFO (server:46) - BAZARR is started and waiting for request on http://0.0.0.0:6767"], Memory = 180 });
        Add("home-assistant", new("Home Assistant") { Ports = [8123], Paths = ["/manifest.json", "/api/"], Start = ["INFO (MainThread) [homeassistant.bootstrap] Home Assistant initialized in 6.41s"], Cpu = 40, Memory = 460 });
        Add("postgres", Database("PostgreSQL", 5432, "LOG:  starting PostgreSQL 16.8 on x86_64-pc-linux-gnu", "LOG:  listening on IPv4 address \"0.0.0.0\", port 5432", "LOG:  database system is ready to accept connections") with { Ongoing = ["LOG:  checkpoint starting: time", "LOG:  checkpoint complete: wrote 12 buffers (0.1%); 0 WAL file(s) added, 0 removed, 0 recycled"] });
        Add("mariadb", Database("MariaDB", 3306, "[Note] Server socket created on IP: '0.0.0.0'.", "[Note] mariadbd: ready for connections."));
        Add("redis", Database("Redis", 6379, "* Running mode=standalone, port=6379.", "* Ready to accept connections tcp"));
        Add("pause", new("pause") { Start = [], Ongoing = [], Cpu = 0, Memory = 1 });
        Add("nginx", new("nginx") { Start = ["[notice] 1#1: nginx/1.27.4", "[notice] 1#1: start worker processes"], Cpu = 2, Memory = 12 });
    }

    /// <summary>Makes an application known.</summary>
    /// <param name="image">The last part of its image's path.</param>
    /// <param name="profile">How it behaves.</param>
    public void Add(string image, ApplicationProfile profile) => _known[image] = profile;

    /// <summary>The application of an image; one that is not known listens where its containers say so and answers everything.</summary>
    public ApplicationProfile Of(string image) => _known.GetValueOrDefault(image) ?? new(image) { Start = [$"starting {image}", $"{image} is ready"], Ongoing = ["level=info msg=\"nothing to do\""] };

    private static ApplicationProfile Database(string name, int port, params string[] start) => new(name) { Ports = [port], IsHttp = false, Start = start, Cpu = 20, Memory = 130 };
}
