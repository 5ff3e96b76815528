namespace ContactCenter.Domain;

/// <summary>Which campaigns a supervisor or administrator sees: those that share a group with them; without any group, all.</summary>
public class SecurityGroup
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    public uint Version { get; private set; }
}

/// <summary>A campaign is in a security group.</summary>
public class CampaignGroup
{
    public Guid CampaignId { get; init; }
    public Guid GroupId { get; init; }
}

/// <summary>A supervisor or administrator is in a security group.</summary>
public class UserGroup
{
    public Guid UserId { get; init; }
    public Guid GroupId { get; init; }
}

/// <summary>A user works in a department (D6).</summary>
public class UserDepartment
{
    public Guid UserId { get; init; }
    public Guid DepartmentId { get; init; }
}
