/** What mongosh adds to Node, and the script's own types: its parts see each other without imports. */
declare const Mongo: new (uri: string) => Promise<Connection>;

declare function sleep(milliseconds: number): Promise<void>;

type Ailment = import('./types').Ailment;
type ApiAnswer = import('./types').ApiAnswer;
type Concern = import('./types').Concern;
type Connection = import('./types').Connection;
type Credential = import('./types').Credential;
type Mark = import('./types').Mark;
type MemberConfig = import('./types').MemberConfig;
type MemberIo = import('./types').MemberIo;
type MemberView = import('./types').MemberView;
type NewMemberView = import('./types').NewMemberView;
type OtherMember = import('./types').OtherMember;
type Outrun = import('./types').Outrun;
type OwnState = import('./types').OwnState;
type PodHost = import('./types').PodHost;
type PrimaryKnowledge = import('./types').PrimaryKnowledge;
type PrimaryView = import('./types').PrimaryView;
type Release = import('./types').Release;
type Scale = import('./types').Scale;
type SetConfig = import('./types').SetConfig;
type SetStatus = import('./types').SetStatus;
type Step = import('./types').Step;
type UsersReply = import('./types').UsersReply;
type View = import('./types').View;
type Waiting = import('./types').Waiting;
