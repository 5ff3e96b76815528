using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>What is no document. The schema is in <c>Migrations/</c>; a test holds both together.</summary>
public sealed class Database(DbContextOptions<Database> options)
    : IdentityDbContext<User, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<Client> Clients => Set<Client>();
    public DbSet<Project> Projects => Set<Project>();
    public DbSet<Department> Departments => Set<Department>();
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<Agent> Agents => Set<Agent>();
    public DbSet<Member> Members => Set<Member>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<Annotation> Annotations => Set<Annotation>();
    public DbSet<Conversation> Conversations => Set<Conversation>();
    public DbSet<JobRecord> JobRecords => Set<JobRecord>();
    public DbSet<OutboxMail> Outbox => Set<OutboxMail>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<SecurityGroup> SecurityGroups => Set<SecurityGroup>();
    public DbSet<CampaignGroup> CampaignGroups => Set<CampaignGroup>();
    public DbSet<UserGroup> UserGroups => Set<UserGroup>();
    public DbSet<UserDepartment> UserDepartments => Set<UserDepartment>();
    public DbSet<BreakReason> BreakReasons => Set<BreakReason>();
    public DbSet<LedgerEntry> Ledger => Set<LedgerEntry>();
    public DbSet<Rotation> Rotations => Set<Rotation>();
    public DbSet<ExclusiveAgent> ExclusiveAgents => Set<ExclusiveAgent>();
    public DbSet<UserSession> Sessions => Set<UserSession>();
    public DbSet<SecurityEvent> SecurityEvents => Set<SecurityEvent>();
    public DbSet<DirectMessage> DirectMessages => Set<DirectMessage>();
    public DbSet<SetupCode> SetupCodes => Set<SetupCode>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>In queries: a text as searches compare it (<see cref="Folding"/>).</summary>
    public static string Fold(string text) => throw new NotSupportedException("PostgreSQL does this.");

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(typeof(Database).GetMethod(nameof(Fold))!).HasName("fold");
        builder.Entity<User>().ToTable("users");
        builder.Entity<IdentityRole<Guid>>().ToTable("roles");
        builder.Entity<IdentityUserRole<Guid>>().ToTable("user_roles");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");

        // Documents: read here by their views, written by Marten.
        builder.Entity<Client>().ToTable((string?)null).ToView("clients");
        builder.Entity<Project>().ToTable((string?)null).ToView("projects");
        builder.Entity<Department>().ToTable((string?)null).ToView("departments");
        builder.Entity<BreakReason>().ToTable((string?)null).ToView("break_reasons");

        builder.Entity<Campaign>(campaign =>
        {
            campaign.ComplexProperty(c => c.Settings, settings =>
            {
                settings.ToJson();
                settings.ComplexProperty(s => s.Welcome);
                settings.ComplexProperty(s => s.AgentGreeting);
                settings.ComplexProperty(s => s.Closing);
                settings.ComplexProperty(s => s.OutOfHours);
                settings.ComplexProperty(s => s.NotAvailable);
                settings.ComplexProperty(s => s.Hours, hours =>
                {
                    hours.ComplexCollection(h => h.Intervals);
                    hours.ComplexCollection(h => h.Holidays);
                });
                settings.ComplexProperty(s => s.Bot, bot =>
                {
                    bot.ComplexProperty(b => b.Welcome);
                    bot.ComplexProperty(b => b.Fallback);
                    bot.ComplexCollection(b => b.Options, option => option.ComplexProperty(o => o.Label));
                });
            });
            campaign.Property(c => c.Version).IsRowVersion().HasColumnName("xmin").HasColumnType("xid");
        });
        builder.Entity<Agent>(agent =>
        {
            agent.HasKey(a => a.UserId);
            agent.HasOne<User>().WithOne().HasForeignKey<Agent>(a => a.UserId);
            agent.HasOne<BreakReason>().WithMany().HasForeignKey(a => a.BreakReasonId);
        });
        builder.Entity<Member>(member =>
        {
            member.HasKey(m => new { m.CampaignId, m.UserId });
            member.HasOne<Campaign>().WithMany().HasForeignKey(m => m.CampaignId);
            member.HasOne<Agent>().WithMany().HasForeignKey(m => m.UserId);
        });
        builder.Entity<SecurityGroup>().Property(g => g.Version).IsRowVersion().HasColumnName("xmin").HasColumnType("xid");
        builder.Entity<CampaignGroup>(link =>
        {
            link.HasKey(l => new { l.CampaignId, l.GroupId });
            link.HasOne<Campaign>().WithMany().HasForeignKey(l => l.CampaignId);
            link.HasOne<SecurityGroup>().WithMany().HasForeignKey(l => l.GroupId);
        });
        builder.Entity<UserGroup>(link =>
        {
            link.HasKey(l => new { l.UserId, l.GroupId });
            link.HasOne<User>().WithMany().HasForeignKey(l => l.UserId);
            link.HasOne<SecurityGroup>().WithMany().HasForeignKey(l => l.GroupId);
        });
        builder.Entity<UserDepartment>(link =>
        {
            link.HasKey(l => new { l.UserId, l.DepartmentId });
            link.HasOne<User>().WithMany().HasForeignKey(l => l.UserId);
            link.HasOne<Department>().WithMany().HasForeignKey(l => l.DepartmentId);
        });
        builder.Entity<SetupCode>().Property(code => code.Id).ValueGeneratedNever();
        builder.Entity<OutboxMail>().HasOne<User>().WithMany().HasForeignKey(mail => mail.UserId);
        builder.Entity<LedgerEntry>().HasOne<User>().WithMany().HasForeignKey(l => l.UserId);
        builder.Entity<DirectMessage>(message =>
        {
            message.HasOne<User>().WithMany().HasForeignKey(m => m.FromId);
            message.HasOne<User>().WithMany().HasForeignKey(m => m.ToId);
        });
        builder.Entity<Rotation>(rotation =>
        {
            rotation.HasKey(r => r.CampaignId);
            rotation.HasOne<Campaign>().WithOne().HasForeignKey<Rotation>(r => r.CampaignId);
        });
        builder.Entity<ExclusiveAgent>(exclusive =>
        {
            exclusive.HasKey(e => new { e.ContactId, e.CampaignId });
            exclusive.HasOne<Contact>().WithMany().HasForeignKey(e => e.ContactId);
            exclusive.HasOne<Campaign>().WithMany().HasForeignKey(e => e.CampaignId);
            exclusive.HasOne<User>().WithMany().HasForeignKey(e => e.UserId);
        });
        builder.Entity<UserSession>().HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        builder.Entity<SecurityEvent>(line =>
        {
            line.HasOne<User>().WithMany().HasForeignKey(e => e.UserId);
            line.HasOne<User>().WithMany().HasForeignKey(e => e.ById);
        });
        builder.Entity<Guessing>().ToTable("guesses");
        builder.Entity<JobRecord>().HasKey(job => new { job.Node, job.Name });
        builder.Entity<Annotation>().HasOne<Contact>().WithMany().HasForeignKey(a => a.ContactId);
        builder.Entity<Contact>(contact =>
        {
            contact.ComplexProperty(c => c.Profile, profile => profile.ToJson());
            contact.Property(c => c.Version).IsRowVersion().HasColumnName("xmin").HasColumnType("xid");
        });
        builder.Entity<Conversation>(conversation =>
        {
            conversation.Property(c => c.Ticket).ValueGeneratedOnAdd();
            conversation.Property(c => c.Version).IsRowVersion().HasColumnName("xmin").HasColumnType("xid");
            conversation.Ignore(c => c.Marks);
        });
        builder.Entity<Message>(message =>
        {
            message.HasKey(m => new { m.ConversationId, m.Seq });
            message.HasOne<Conversation>().WithMany().HasForeignKey(m => m.ConversationId);
            message.ComplexProperty(m => m.Because, because => because.ToJson());
        });

        foreach (var entity in builder.Model.GetEntityTypes())
        {
            if (entity.GetTableName() is { } table && char.IsUpper(table[0])) entity.SetTableName(SnakeCase(table));
            foreach (var property in entity.GetProperties())
                if (property.GetColumnName() != "xmin") property.SetColumnName(SnakeCase(property.Name));
            foreach (var complex in entity.GetComplexProperties())
                complex.ComplexType.SetContainerColumnName(SnakeCase(complex.Name));
        }
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{letter}"))
            .ToLowerInvariant();
}

/// <summary>A data-protection key, kept in the database so that every node reads the same cookies and tokens.</summary>
public sealed class DataProtectionKey
{
    public int Id { get; init; }
    public string? FriendlyName { get; init; }
    public required string Xml { get; set; }
}
